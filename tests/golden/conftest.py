"""`pytest tests/golden --update-golden` writes expectations that are missing; `--force-golden` overwrites all."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", default=False, help="write missing expectations")
    parser.addoption("--force-golden", action="store_true", default=False, help="write every expectation anew")


@pytest.fixture
def may_write(request: pytest.FixtureRequest) -> str:
    """`all`, `missing` or `none`: which expectations this run may write."""
    if request.config.getoption("--force-golden", default=False):
        return "all"
    return "missing" if request.config.getoption("--update-golden", default=False) else "none"
