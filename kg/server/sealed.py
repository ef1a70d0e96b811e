"""A second wall behind the gate: while a query runs, its process can open no file and no connection.

The operating system hands out the lowest free number to whatever is opened. With that number forbidden, nothing can be, whatever
the engine was talked into.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["sealed"]


@contextmanager
def sealed() -> Iterator[None]:
    """Let this process open nothing more for as long as the block runs; to be used in a process with one thread."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(2)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
