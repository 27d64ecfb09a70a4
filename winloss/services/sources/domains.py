"""Domains of companies: `https://www.emea.northwind.co.uk/about` is `northwind.co.uk`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@\s]*@)?([^/:?#\s@]+)", re.IGNORECASE)


def registrable(written: str) -> str | None:
    """The domain that somebody registered, of an address, a host or an e-mail; None where there is none.

    By the public suffix list that comes with the package `publicsuffixlist`; nothing is fetched.
    """
    found = _HOST.match(written.strip().casefold())
    if found is None or "." not in found[1].strip("."):
        return None
    domain: str | None = _suffixes().privatesuffix(found[1].strip("."))
    return domain


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
