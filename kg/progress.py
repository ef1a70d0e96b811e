"""How far is a long task: a line on standard error with share, rate and time left."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self, TextIO

__all__ = ["Progress", "span"]

_PAUSE = 0.5
_PAUSE_IN_LOG = 5.0
_MB = 1_000_000


class Progress:
    """What a task that reads bytes has done so far, shown while it works; a context manager.

    Parameters
    ----------
    total
        Bytes to read in all.
    shown
        Whether to print; if not, it only counts.
    stream
        Where to; None for standard error. On a terminal one line is written over and over, elsewhere a line every few
        seconds.
    """

    def __init__(self, total: int, *, shown: bool = True, stream: TextIO | None = None) -> None:
        self.total = total
        self.read = 0
        self.stage = ""
        self._stream = sys.stderr if stream is None else stream
        self._over = self._stream.isatty()
        self._shown = shown
        self._started = time.monotonic()
        self._over_at = threading.Event()
        self._thread: threading.Thread | None = None

    def line(self) -> str:
        """Return the line of now.

        Returns
        -------
        str
            Such as ``uberon.owl: 45 % of 98 MB, 30 MB/s, about 2 s left``. Time left is reckoned from the rate so far.
        """
        passed = max(time.monotonic() - self._started, 1e-9)
        rate = self.read / passed
        parts = []
        if self.total:
            parts.append(f"{min(self.read / self.total, 1):.0%} of {self.total / _MB:,.0f} MB".replace("%", " %"))
        parts.append(f"{rate / _MB:,.1f} MB/s")
        if 0 < self.read < self.total:
            parts.append(f"about {span((self.total - self.read) / rate)} left")
        return f"{self.stage}: {', '.join(parts)}" if self.stage else ", ".join(parts)

    def __enter__(self) -> Self:
        if self._shown:
            self._thread = threading.Thread(target=self._show, daemon=True, name="progress")
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over_at.set()
        if self._thread is not None:
            self._thread.join()
            if self._over:
                self._stream.write("\r\x1b[K")
                self._stream.flush()

    def _show(self) -> None:
        pause = _PAUSE if self._over else _PAUSE_IN_LOG
        while not self._over_at.wait(pause):
            self._stream.write(f"\r\x1b[K{self.line()}" if self._over else f"{self.line()}\n")
            self._stream.flush()


def span(seconds: float) -> str:
    """Return a length of time in words a person reads at once.

    >>> span(7.4), span(95), span(4000)
    ('7 s', '1 min 35 s', '1 h 6 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
