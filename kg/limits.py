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

__all__ = [
    "DEFAULT_MEMORY",
    "cpu_seconds",
    "die_on_interrupt",
    "limit_memory",
    "limit_time",
    "memory_size",
    "resident",
    "seconds",
    "unwatched",
]

DEFAULT_MEMORY = "2G"
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_PROC = Path("/proc")
_PAUSE = 0.02
_GRACE = 1.0


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


def seconds(text: str) -> float:
    """Return the number of seconds that a time such as ``10`` or ``0.5s`` means.

    Examples
    --------
    >>> seconds("2.5s")
    2.5

    Raises
    ------
    InputError
        If the text is no time, or none at all.
    """
    found = re.fullmatch(r"(\d{1,6}(?:\.\d+)?) ?s?", text.strip().lower())
    if not found or float(found[1]) == 0:
        raise InputError(f"{text!r} is no time; expected a number of seconds, such as 10")
    return float(found[1])


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


def limit_time(limit: float) -> None:
    """End the process with one line and exit code 5 when some time has passed.

    Parameters
    ----------
    limit
        Seconds from now.
    """
    threading.Thread(target=_wait, args=(limit,), daemon=True, name="time limit").start()
    if hasattr(signal, "setitimer"):
        # Should compiled code keep the interpreter's lock, the thread cannot speak; then the operating system ends it all.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limit + _GRACE)


def resident(pid: int | None = None) -> int:
    """Return the bytes of memory that a process holds: the given one, or this one.

    Of another process it is known only where there is a ``/proc``, else 0.
    """
    statm = _PROC / (str(pid) if pid else "self") / "statm"
    try:
        return int(statm.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):  # no /proc, or the process has ended
        return 0 if pid else _own_peak()


def cpu_seconds(pid: int) -> float:
    """Return the seconds for which a process has had a core; 0 where there is no ``/proc``, or no such process any more."""
    try:
        # The name of the program stands in brackets and may hold anything, blanks included.
        fields = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def _wait(limit: float) -> None:
    time.sleep(limit)
    _stop(f"it took more than {limit:g} s; narrow the query or raise --timeout")


def _watch(limit: int) -> None:
    while resident() <= limit:
        time.sleep(_PAUSE)
    _stop(f"it needed more than {limit / 2**20:.0f} MiB of memory; narrow the query or raise --memory")


def _stop(reason: str) -> None:
    sys.stderr.write(f"kg: stopped: {reason}\n")
    sys.stderr.flush()
    # Only this ends a thread that is deep in compiled code; output files are written whole, so none is cut.
    os._exit(LimitError.exit_code)


def _own_peak() -> int:
    try:
        import resource
    except ImportError:  # Windows has no such reading; the limit does not hold there
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
