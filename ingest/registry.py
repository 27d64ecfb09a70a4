"""Which reader a file is for. Readers look at content; exactly one must claim a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.limits import shown
from ingest.mojibake import repaired
from ingest.readers.assistants import AssistantReader
from ingest.readers.captions import CaptionReader
from ingest.readers.crm import CrmReader
from ingest.readers.discord import DiscordReader
from ingest.readers.discourse import DiscourseReader
from ingest.readers.documents import WordReader
from ingest.readers.feeds import FeedReader
from ingest.readers.gong import GongReader
from ingest.readers.hackernews import HackerNewsReader
from ingest.readers.highlights import HighlightReader
from ingest.readers.mail import MailReader
from ingest.readers.pages import PageReader
from ingest.readers.pdf import PdfReader
from ingest.readers.podcasts import PodcastReader
from ingest.readers.productboard import ProductboardReader
from ingest.readers.qualcoder import QualCoderReader
from ingest.readers.reddit import RedditReader
from ingest.readers.refi import RefiReader
from ingest.readers.rich_text import RichTextReader
from ingest.readers.slack import SlackReader
from ingest.readers.speech_to_text import SpeechToTextReader
from ingest.readers.stackexchange import StackExchangeReader
from ingest.readers.surveys import SurveyReader
from ingest.readers.tables import TableReader
from ingest.readers.transcripts import TranscriptReader
from ingest.rows import headers, is_json, looks_tabular
from ingest.sheets import sheet_cells
from ingest.slack_export import export_prefix
from ingest.sniff import office_kind, probe
from ingest.written import nobody_speaks
from winloss.errors import AmbiguousFormat, UnknownFormat
from winloss.model import Readable
from winloss.ports import Accompanied, Informing, Probe, ReadContext, Reader

TABLES = TableReader()
CRM = CrmReader()
TRANSCRIPTS = TranscriptReader()
READERS: tuple[Reader, ...] = (
    CaptionReader(),
    TRANSCRIPTS,
    WordReader(),
    GongReader(),
    AssistantReader(),
    SpeechToTextReader(),
    PageReader(),
    PodcastReader(),
    PdfReader(),
    RichTextReader(),
    RefiReader(),
    QualCoderReader(),
    HighlightReader(),
    ProductboardReader(),
    SurveyReader(),
    RedditReader(),
    HackerNewsReader(),
    StackExchangeReader(),
    FeedReader(),
    DiscordReader(),
    SlackReader(),
    MailReader(),
    DiscourseReader(),
    TABLES,
    CRM,
)
"""Every reader. Their order means nothing: a file that two of them claim is refused."""

_CRM_KINDS = ("deals", "accounts")
_LISTED = "What is read: winloss formats."
_SAVE_AS = (
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file", "Save it as .docx, .xlsx or .csv."),
    (b"ID3", "a sound recording", "Ingest its transcript."),
    (b"RIFF", "a sound recording", "Ingest its transcript."),
    (b"\x1f\x8b", "a compressed file", "Unpack it and ingest what is in it."),
)


def reader_for(path: Path, context: ReadContext) -> Reader:
    """The one reader for a file.

    A mapping that fits the file's columns decides; so does the kind `deals` or `accounts` for a table.

    Raises:
        UnknownFormat: no reader claims it.
        AmbiguousFormat: two readers claim it.
        MalformedSource: it cannot be opened.
    """
    seen = probe(path)
    tabular = office_kind(seen) == "xlsx" or looks_tabular(seen.text)
    if context.mapping is not None and TABLES.fits(seen, context.mapping):
        return TABLES
    if context.mapping is None and context.kind in _CRM_KINDS:
        if tabular:
            return CRM
        raise UnknownFormat(
            f"{path.name} is not a table of {context.kind}", hint="Give a CSV or Excel export.", path=str(path)
        )
    claims = [reader for reader in READERS if reader.identify(seen)]
    if len(claims) > 1:
        names = " and ".join(reader.name for reader in claims)
        raise AmbiguousFormat(
            f"{path.name} is claimed by {names}", hint="Please report this file's format.", path=str(path)
        )
    if claims:
        return claims[0]
    if context.mapping is not None and tabular:
        return TABLES
    if context.kind and seen.text.strip() and not tabular:
        return TRANSCRIPTS
    raise _unknown(seen)


def is_document(path: Path) -> bool:
    """Whether a file, an archive too, is read as it is: a reader claims it whole."""
    seen = probe(path)
    return any(reader.identify(seen) for reader in READERS)


def is_one_export(names: Iterable[str]) -> bool:
    """Whether the files of a folder, by their names, are one export that is read as a whole."""
    return export_prefix(names) == ""


def companions(paths: Sequence[Path]) -> dict[Path, tuple[Path, ...]]:
    """For each file, those of `paths` that its reader wants to read along with it.

    Files that only accompany others are not among the keys, unless there is nothing they could accompany.
    """
    alone: dict[Path, Reader | None] = {}
    beside: dict[str, list[Path]] = {}
    informing: dict[str, list[Path]] = {}
    for path in paths:
        seen = probe(path)
        reader = next((reader for reader in READERS if reader.identify(seen)), None)
        if isinstance(reader, Accompanied) and reader.accompanies(seen):
            beside.setdefault(reader.name, []).append(path)
        else:
            alone[path] = reader
            if isinstance(reader, Informing) and reader.informs(seen):
                informing.setdefault(reader.name, []).append(path)
    accompanied = {reader.name for reader in alone.values() if reader is not None}
    for name in beside.keys() - accompanied:
        alone |= dict.fromkeys(beside[name])
    return {path: _along(path, reader.name, beside, informing) if reader else () for path, reader in alone.items()}


def _along(
    path: Path, reader: str, beside: Mapping[str, list[Path]], informing: Mapping[str, list[Path]]
) -> tuple[Path, ...]:
    informants = informing.get(reader, [])
    return (*beside.get(reader, ()), *(() if path in informants else informants))


def read(path: Path, context: ReadContext) -> Iterator[Readable]:
    """The documents, deals, accounts and findings in a file, garbled characters repaired where that is certain.

    Raises:
        SourceError: no reader is for it, or it is broken.
    """
    return repaired(reader_for(path, context).read(path, context))


def _unknown(seen: Probe) -> UnknownFormat:
    """Why nobody reads a file, or the error of what is an Excel file that nobody can open."""
    name, path = seen.path.name, str(seen.path)
    for magic, what, hint in _SAVE_AS:
        if seen.head.startswith(magic):
            return UnknownFormat(f"{name} is {what}", hint=f"{hint} {_LISTED}", path=path)
    if office_kind(seen) == "xlsx":
        sheet_cells(seen.path, None, limit=1)
    if not seen.head.strip():
        return UnknownFormat(f"{name} is empty", hint="Export it again.", path=path)
    columns = headers(seen)[:1] if office_kind(seen) == "xlsx" or looks_tabular(seen.text) else []
    if columns and columns[0]:
        what = "keys" if is_json(seen.text) else "columns"
        return UnknownFormat(
            f"{name} is a table of no known kind ({what}: {shown(columns[0], most=20)})",
            hint=f"Say what they mean, once: winloss ingest {name} --map (asks), or --map FILE.toml (a mapping file).",
            path=path,
        )
    hint = f"{_LISTED} What the columns of a table mean is asked by: winloss ingest {name} --map."
    if seen.text.strip():
        hint = f"{nobody_speaks(seen.path).hint}. {hint}"
    return UnknownFormat(f"no reader knows the format of {name}", hint=hint, path=path)
