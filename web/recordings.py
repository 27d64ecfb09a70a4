"""Where in a recording something was said: an address that begins to play there, for recordings that can be asked."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_QUERY_HOSTS = ("youtube.com", "youtu.be", "loom.com")
"""Players that take the second to begin at as `t` in the query."""
_FRAGMENT_HOSTS = ("vimeo.com",)
_MEDIA = {".mp3", ".mp4", ".m4a", ".m4v", ".ogg", ".oga", ".ogv", ".wav", ".webm", ".flac", ".mov"}
"""Files that browsers play themselves, from a media fragment on (W3C, Media Fragments URI 1.0)."""


def playing_from(address: str | None, milliseconds: int | None) -> str | None:
    """The recording's web address with the whole second to play from; None where it cannot be told one."""
    if milliseconds is None:
        return None
    try:
        parts = urlsplit(address or "")
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    second = max(0, milliseconds) // 1000
    if _is_of(host, _QUERY_HOSTS):
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "t"]
        return urlunsplit(parts._replace(query=urlencode([*kept, ("t", str(second))])))
    if _is_of(host, _FRAGMENT_HOSTS):
        return urlunsplit(parts._replace(fragment=f"t={second}s"))
    if PurePosixPath(parts.path).suffix.lower() in _MEDIA:
        return urlunsplit(parts._replace(fragment=f"t={second}"))
    return None


def _is_of(host: str, known: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in known)
