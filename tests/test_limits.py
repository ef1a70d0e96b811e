"""Sizes of memory as people write them."""

from __future__ import annotations

import os

import pytest

from kg.errors import InputError
from kg.limits import cpu_seconds, memory_size, resident, seconds


@pytest.mark.parametrize(
    ("text", "size"), [("512M", 512 * 2**20), ("2G", 2**31), (" 1 gb ", 2**30), ("100", 100), ("64k", 65536)]
)
def test_a_size_is_understood(text: str, size: int) -> None:
    assert memory_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1G", "0", "1T", "1.5G"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no size of memory; expected a number with K, M or G"):
        memory_size(text)


@pytest.mark.parametrize(("text", "time"), [("10", 10.0), ("0.5", 0.5), ("2.5s", 2.5), (" 3 s ", 3.0)])
def test_a_time_is_understood(text: str, time: float) -> None:
    assert seconds(text) == time


@pytest.mark.parametrize("text", ["", "0", "-1", "soon", "1e3", "inf", "nan", "99999999"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no time; expected a number of seconds"):
        seconds(text)


def test_what_this_process_holds_and_has_used_is_known() -> None:
    assert resident() > 10 << 20
    here = resident(os.getpid())
    assert here == 0 or abs(here - resident()) < 50 << 20
    assert resident(2**30) == 0
    assert cpu_seconds(2**30) == 0.0
