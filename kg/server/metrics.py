"""Numbers about a running server, as Prometheus reads them.

References
----------
Prometheus, Text-based format, https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Metrics"]

_BOUNDS = (0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_PATHS = ("/", "/explore", "/health", "/metrics", "/openapi.json", "/paths", "/picture", "/plan", "/sparql")


class Metrics:
    """Counts of requests and of workers."""

    def __init__(self) -> None:
        self.workers: Counter[str] = Counter()
        """What happened to workers, as `kg.server.pool.Pool` counts it."""
        self._requests: Counter[tuple[str, int]] = Counter()
        self._times = [0] * (len(_BOUNDS) + 1)
        self._total = 0.0

    def count(self, path: str, status: int, seconds: float) -> None:
        """Count one request; a path that is none of ours is counted as ``other``, so that no client can make up names."""
        self._requests[path if path in _PATHS else "other", status] += 1
        self._times[bisect_left(_BOUNDS, seconds)] += 1
        self._total += seconds

    def text(self, state: Mapping[str, int], quads: int) -> str:
        """Return all numbers, each line ended.

        Parameters
        ----------
        state
            Numbers of workers and tasks now.
        quads
            In the graph.
        """
        lines = ["# TYPE kg_quads gauge", f"kg_quads {quads}", "# TYPE kg_requests_total counter"]
        lines += [
            f'kg_requests_total{{path="{path}",status="{status}"}} {number}'
            for (path, status), number in sorted(self._requests.items())
        ]
        lines.append("# TYPE kg_request_seconds histogram")
        below = 0
        for bound, number in zip((*_BOUNDS, "+Inf"), self._times, strict=True):
            below += number
            lines.append(f'kg_request_seconds_bucket{{le="{bound}"}} {below}')
        lines += [f"kg_request_seconds_sum {self._total:.6f}", f"kg_request_seconds_count {below}"]
        lines.append("# TYPE kg_workers gauge")
        lines += [f'kg_workers{{state="{name}"}} {state[name]}' for name in ("busy", "idle")]
        lines += ["# TYPE kg_waiting gauge", f"kg_waiting {state['waiting']}", "# TYPE kg_worker_events_total counter"]
        lines += [
            f'kg_worker_events_total{{event="{event}"}} {number}' for event, number in sorted(self.workers.items())
        ]
        return "\n".join(lines) + "\n"
