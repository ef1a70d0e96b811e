"""Prints how often the canary was visited, whatever pytest shows otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.security.canary import VISITS

if TYPE_CHECKING:
    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if VISITS:
        terminalreporter.write_line(f"canary hits: {sum(VISITS)}")
