"""E-mail addresses: whose company they are of, and which tell of none."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s@<>\"]+@((?:[\w-]+\.)+[\w-]{2,})")
_FREE = frozenset(
    {"gmail", "googlemail", "outlook", "hotmail", "live", "msn", "yahoo", "ymail", "rocketmail", "icloud", "aol", "gmx"}
    | {
        "proton",
        "protonmail",
        "tutanota",
        "tuta",
        "fastmail",
        "hushmail",
        "yandex",
        "zoho",
        "inbox",
        "mailbox",
        "posteo",
    }
)
_FREE_DOMAINS = frozenset(
    {"me.com", "mac.com", "pm.me", "mail.com", "mail.ru", "hey.com", "web.de", "t-online.de", "freenet.de", "free.fr"}
    | {"orange.fr", "wanadoo.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "qq.com", "163.com", "126.com"}
    | {"naver.com", "daum.net", "rediffmail.com", "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "cox.net"}
    | {"btinternet.com", "sky.com", "bigpond.com", "shaw.ca", "rogers.com", "uol.com.br", "bol.com.br", "bluewin.ch"}
    | {"duck.com", "rambler.ru", "bk.ru", "list.ru", "seznam.cz", "wp.pl", "onet.pl", "o2.pl", "telenet.be", "ziggo.nl"}
)


def domain_of(email: str | None) -> str | None:
    """The domain of an address in lower case, or None where it is no address."""
    match = _ADDRESS.fullmatch((email or "").strip())
    return match[1].casefold() if match else None


def company_domain(email: str | None) -> str | None:
    """The domain of an address that a company gave; None for addresses that everybody can have."""
    domain = domain_of(email)
    if domain is None or domain in _FREE_DOMAINS or domain.split(".")[0] in _FREE:
        return None
    return domain


def is_within(domain: str, known: str) -> bool:
    """Whether a domain is another one or below it: `eu.mill.example` is within `mill.example`."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", known.strip().casefold()).partition("/")[0]
    return bool(bare) and (domain == bare or domain.endswith(f".{bare}"))
