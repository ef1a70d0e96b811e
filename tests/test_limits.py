"""Sizes of memory as people write them."""

from __future__ import annotations

import pytest

from kg.errors import InputError
from kg.limits import memory_size


@pytest.mark.parametrize(
    ("text", "size"), [("512M", 512 * 2**20), ("2G", 2**31), (" 1 gb ", 2**30), ("100", 100), ("64k", 65536)]
)
def test_a_size_is_understood(text: str, size: int) -> None:
    assert memory_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1G", "0", "1T", "1.5G"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no size of memory; expected a number with K, M or G"):
        memory_size(text)
