"""Stop at once on Ctrl-C, and stop what eats memory.

A query runs inside compiled code that answers neither Ctrl-C nor a Python timer, so both are handled from outside it: the
interrupt by the operating system, the memory by a thread (the engine releases the interpreter's lock while it works).
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DEFAULT_MEMORY", "die_on_interrupt", "limit_memory", "memory_size", "unwatched"]

DEFAULT_MEMORY = "2G"
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_STATM = Path("/proc/self/statm")
_PAUSE = 0.02


def memory_size(text: str) -> int:
    """Return the number of bytes that a size such as ``512M`` or ``2G`` means.

    Examples
    --------
    >>> memory_size("2G")
    2147483648

    Raises
    ------
    InputError
        If the text is no size.
    """
    found = re.fullmatch(r"(\d+) ?([KMG]?)B?", text.strip().upper())
    if not found or int(found[1]) == 0:
        raise InputError(f"{text!r} is no size of memory; expected a number with K, M or G, such as 512M")
    return int(found[1]) * _UNITS[found[2]]


def die_on_interrupt() -> None:
    """Let Ctrl-C end the process as the operating system does it: at once, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def limit_memory(limit: int) -> None:
    """End the process with one line and exit code 5 when it holds more memory than a limit.

    Parameters
    ----------
    limit
        Bytes of resident memory.
    """
    threading.Thread(target=_watch, args=(limit,), daemon=True, name="memory limit").start()


@contextmanager
def unwatched() -> Iterator[None]:
    """Do not look for garbage cycles meanwhile: where millions of objects are made and kept, half of the time goes there."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _watch(limit: int) -> None:
    while True:
        if _resident() > limit:
            text = f"kg: stopped: it needed more than {limit / 2**20:.0f} MiB of memory; narrow the query or raise --memory\n"
            sys.stderr.write(text)
            sys.stderr.flush()
            # Only this ends a thread that is deep in compiled code; output files are written whole, so none is cut.
            os._exit(LimitError.exit_code)
        time.sleep(_PAUSE)


def _resident() -> int:
    if _STATM.exists():
        return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    try:
        import resource
    except ImportError:  # Windows has no such reading; the limit does not hold there
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
