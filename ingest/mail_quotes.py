"""Which parts of a mail are not its author's words to us: quoted mails, who wrote them, signatures, footers of lists.

The text is never changed; the spans say what is whose.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.chats import looks_like_job
from ingest.posts import Spans

SIGNATURE_LINES = 10
_QUOTED = re.compile(r"[ \t]{0,3}(?:>|\|[ \t])")
_WROTE = re.compile(
    r"(?i)(?:(?:on|am|le|el|il|op|den|em|dnia|w dniu)\b.{4,300}?|\d{4}-\d\d-\d\d .{4,200}?|[^\n]{2,100}?)[ \n]"
    r"(?:wrote|writes|schrieb(?: [^\n:]{1,100})?|a\s+écrit|escribió|ha\s+scritto|schreef(?: [^\n:]{1,100})?|skrev"
    r"(?: [^\n:]{1,100})?|escreveu|napisał(?:\(a\))?)[ \xa0]?:[ \t]*$",
    re.DOTALL,
)
_WROTE_START = re.compile(r"(?i)[ \t]*(?:(?:on|am|le|el|il|op|den|em|dnia|w dniu)\b|\d{4}-\d\d-\d\d )")
_DIVIDER = re.compile(
    r"(?i)[ \t]*(?:-{2,} ?(?:original(?: message| appointment)?|forwarded(?: message| by\b.*)?|ursprüngliche nachricht|"
    r"original-?nachricht|weitergeleitete nachricht|message d['’]origine|message transféré|mensaje original|"
    r"messaggio originale|oorspronkelijk bericht|mensagem original)[^\n]{0,60}?-{2,}|begin forwarded message:|"
    r"anfang der weitergeleiteten nachricht:|début du message (?:réexpédié|transféré) ?:)[ \t]*"
)
_FROM = re.compile(r"[ \t]*\*?(?:From|Von|De|Da|Van|Från|Fra) ?:\*?[ \t]+\S")
_BELOW_FROM = re.compile(
    r"[ \t]*\*?(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|Date|À|Objet|Enviado(?: el)?|Fecha|Para|"
    r"Asunto|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Til|Emne) ?:\*?[ \t]"
)
_SIGNATURE = re.compile(r"-- ?[ \t]*|—[ \t]*")
_FOOTER = re.compile(
    r"(?<![_-])(?:_{20,}|-{20,})[ \t]*\n(?=(?:[^\n]{0,200}\n){0,2}"
    r"[^\n]{0,200}(?:mailing list|unsubscribe|list archive))|"
    r"(?i:you (?:are receiving|received) this (?:message|mail|e-?mail) because)|"
    r"(?i:(?:this|the) (?:e-?mail|message)(?: and| \(including| is| may| contains).{0,120}?"
    r"(?:confidential|intended (?:only|solely|exclusively|for the))|"
    r"confidentiality notice|diese e-?mail enthält vertrauliche|ce message (?:et|est).{0,60}confidentiel)"
)
_SENT_FROM = re.compile(
    r"(?i)[ \t]*(?:sent (?:from|via|with) (?:my |the )?[\w .'’-]{2,40}|get outlook for \w+.*|"
    r"von meinem [\w -]{2,30} gesendet|gesendet (?:von|mit) .{2,40}|"
    r"envoyé de mon .{2,30}|enviado desde mi .{2,30})\.?[ \t]*"
)
_SIGN_OFF = re.compile(
    r"(?i)[ \t]*(?:(?:with )?(?:best|kind|many|warm)?[ ]?(?:regards|wishes)|best|cheers|thanks|thank you|thx|sincerely|"
    r"yours|mit freundlichen grüßen|viele grüße|beste grüße|mfg|cordialement|bien à vous|saludos)\b[^\n]{0,30}"
)
_SPLIT = re.compile(r"[|·•,/]| [-–—] ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The spans of a mail that are not its author's words, and the job that the signature names."""

    quoted: Spans
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    start: int
    end: int
    text: str


def read_mail(text: str, marked: Spans, author: str | None) -> Read:
    """What in a mail's text is whose; `marked` are the spans that its HTML already shows to be quotes.

    Words of parting and what is below them are a signature where that names a job; else only what is below `-- `.
    """
    lines = _lines(text)
    spans = [*marked, *((line.start, line.end) for line in lines if _QUOTED.match(line.text))]
    rest = _first(_forwarded(lines), _footer(text), default=len(text))
    if rest < len(text):
        spans.append((rest, len(text)))
    spans += _introductions(lines, spans)
    signature = _signature(lines, _merged(text, spans))
    parting = None if signature else _signed_off(lines, _merged(text, spans))
    title = _title(text, signature or parting, author)
    spans += [span for span in (signature, parting if title else None) if span]
    spans += [(line.start, line.end) for line in lines if _SENT_FROM.fullmatch(line.text)]
    return Read(quoted=_merged(text, spans), title=title)


def _lines(text: str) -> list[_Line]:
    found, place = [], 0
    for line in text.split("\n"):
        found.append(_Line(start=place, end=place + len(line), text=line))
        place += len(line) + 1
    return found


def _first(*places: int | None, default: int) -> int:
    return min((place for place in places if place is not None), default=default)


def _forwarded(lines: Sequence[_Line]) -> int | None:
    """Where a whole mail begins that was put below this one: everything after it is somebody else's."""
    for index, line in enumerate(lines):
        if _DIVIDER.fullmatch(line.text):
            return line.start
        below = [other for other in lines[index + 1 : index + 5] if other.text.strip()]
        if _FROM.match(line.text) and sum(bool(_BELOW_FROM.match(other.text)) for other in below) >= 2:
            ruled = index and set(lines[index - 1].text.strip()) in ({"_"}, {"-"})
            return lines[index - 1].start if ruled else line.start
    return None


def _footer(text: str) -> int | None:
    """Where the footer of a mailing list begins, or a notice of lawyers, at the start of a line near the end."""
    found = None
    for match in _FOOTER.finditer(text):
        if (match.start() == 0 or text[match.start() - 1] == "\n") and len(text) - match.start() < 4000:
            found = match.start() if found is None else found
    return found


def _introductions(lines: Sequence[_Line], spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Lines that say who wrote what follows; where what follows is not marked as a quote, all of it is one."""
    quoted = _inside(spans)
    for index, line in enumerate(lines):
        if not line.text.rstrip().endswith(":") or _QUOTED.match(line.text):
            continue
        first = _introduction(lines, index)
        if first is None:
            continue
        below = (lines[place] for place in range(index + 1, len(lines)))
        after = next((other for other in below if other.text.strip()), None)
        if after is None:
            continue
        if quoted(after.start):
            yield first.start, line.end
        elif _WROTE_START.match(first.text) and re.search(r"\d", first.text):
            yield first.start, lines[-1].end


def _introduction(lines: Sequence[_Line], index: int) -> _Line | None:
    """The line at which an introduction begins that ends here; mail programs break them into up to three."""
    for back in range(3):
        first = lines[index - back] if index >= back else None
        if first is None or not first.text.strip() or _QUOTED.match(first.text):
            return None
        whole = "\n".join(line.text for line in lines[index - back : index + 1]).strip()
        if _WROTE.fullmatch(whole) and (back == 0 or _WROTE_START.match(first.text)):
            begins = back == 0 and not _WROTE_START.match(first.text) and index > 0
            before = lines[index - 1] if begins else None
            return before if before is not None and _WROTE_START.match(before.text) else first
    return None


def _signature(lines: Sequence[_Line], spans: Spans) -> tuple[int, int] | None:
    """From the last line `-- ` to the end of the text, or to what is quoted below it."""
    quoted = _inside(spans)
    marks = [line for line in lines if _SIGNATURE.fullmatch(line.text) and not quoted(line.start)]
    if not marks:
        return None
    begin = marks[-1].start
    end = min((start for start, _ in spans if start > begin), default=lines[-1].end)
    held = [line for line in lines if begin < line.start < end and line.text.strip()]
    return (begin, end) if len(held) <= 3 * SIGNATURE_LINES else None


def _signed_off(lines: Sequence[_Line], spans: Spans) -> tuple[int, int] | None:
    """Words of parting and the few lines below them."""
    quoted = _inside(spans)
    own = [line for line in lines if line.text.strip() and not quoted(line.start)]
    for index in range(len(own) - 1, max(-1, len(own) - SIGNATURE_LINES), -1):
        if _SIGN_OFF.fullmatch(own[index].text):
            return own[index].start, own[-1].end
    return None


def _title(text: str, span: tuple[int, int] | None, author: str | None) -> str | None:
    """The job that a signature names, where a line or a part of one evidently is one."""
    if span is None:
        return None
    lines = [line.strip(" \t*_>-–—") for line in text[slice(*span)].split("\n")]
    for line in list(filter(None, lines))[:SIGNATURE_LINES]:
        if "@" in line or "://" in line or line.endswith((".", "!", "?")) or len(line.split()) > 12:
            continue
        parts = [line] if looks_like_job(line) and not _SPLIT.search(line) else _SPLIT.split(line)
        for part in (part.strip() for part in parts):
            if looks_like_job(part) and len(part.split()) <= 8 and part.casefold() != (author or "").casefold():
                return part
    return None


def _inside(spans: Sequence[tuple[int, int]]) -> Callable[[int], bool]:
    """Tells of a place whether it lies in one of the spans."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        starts.append(start)
        ends.append(max(end, ends[-1] if ends else 0))

    def tell(place: int) -> bool:
        index = bisect_right(starts, place) - 1
        return index >= 0 and place < ends[index]

    return tell


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> Spans:
    """The spans in order and trimmed, those with nothing but white space between them as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or not text[found[-1][1] : start].strip()):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    trimmed = ((start, start + len(text[start:end].rstrip())) for start, end in found)
    return tuple(span for span in trimmed if span[0] < span[1])
