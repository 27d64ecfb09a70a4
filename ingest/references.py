"""Character references (`it&#39;s`) in text that is not HTML: decoded where it is certain that nobody meant them.

Markdown shows references as characters, so there they are the format's own. In plain text they are decoded only where
the whole text was evidently escaped by a program: every `&` begins a reference, and none of the characters that are
written as references stands in the text as itself. Anything else stays as it is and is told.
"""

from __future__ import annotations

import html
import re

from winloss.model import Finding, Severity

_REFERENCE = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MARKDOWN = re.compile(r"(?m)^(?:#{1,6}[ \t]+\S|[ \t]*(?:\*\*|__)[^*_\r\n]{1,64}(?:\*\*|__)|\|?[ \t:]*---[-:| \t]*\|)")


def without_references(text: str) -> tuple[str, list[Finding]]:
    """The text with its references as characters, where that is certain, and a remark about them."""
    found = [reference for reference in _REFERENCE.findall(text) if html.unescape(reference) != reference]
    if not found:
        return text, []
    shown = ", ".join(sorted(set(found))[:6])
    if _MARKDOWN.search(text) or _escaped_whole(text, set(found)):
        message = f"character references were read as the characters that they stand for: {shown}"
        decoded = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
        return decoded, [Finding(code="references", message=message, count=len(found), severity=Severity.INFO)]
    message = f"character references stand in the text and were left as they are: {shown}. Replace them in the file"
    return text, [Finding(code="references-left", message=message, count=len(found))]


def _escaped_whole(text: str, found: set[str]) -> bool:
    meant = {html.unescape(reference) for reference in found} - {"&"}
    plain = _REFERENCE.sub("", text)
    return "&" not in plain and not any(character in plain for character in meant)
