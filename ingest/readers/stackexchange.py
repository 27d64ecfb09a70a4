"""Stack Exchange data dumps: the posts of a site, with the users and comments that lie beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.json_values import day_of_moment, text_in
from ingest.lookup import Lookup, opened_lookup
from ingest.markup import plain_text
from ingest.posts import BLANK, Notes, filled, titled
from ingest.remarks import Remarks
from ingest.sniff import probe
from ingest.xml_files import UNREADABLE, elements
from winloss.errors import MalformedSource
from winloss.model import Finding, Participant, Readable, ReadDocument, ReadTurn, Severity, SourceKind
from winloss.ports import Format, Probe, ReadContext

Row = Mapping[str, str]

_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    r"<(posts|comments|users|votes|badges|tags|posthistory|postlinks)\b[^>]{0,200}>\s*<row\s[^>]*?\bId\s*=",
    re.DOTALL,
)
_SITE = re.compile(
    r"(?:(?:[a-z0-9-]+\.){0,3}(?:stackexchange|stackoverflow)\.com|serverfault\.com|superuser\.com|askubuntu\.com"
    r"|mathoverflow\.net|stackapps\.com)"
)
_TAG = re.compile(r"[^<>|]+")
_WORK = re.compile(
    r"\b(?:I(?:['’]m| am)(?: currently)?(?: working as)?|I work as|[Ww]orking as) an? ([^.,;:!\n(]{3,60})"
)
_A_POST = ("1", "2")
_COMMUNITY = "-1"
_OF_POSTS = frozenset(
    {
        *("Id", "PostTypeId", "AcceptedAnswerId", "ParentId", "CreationDate", "Score", "ViewCount", "Body", "Tags"),
        *("OwnerUserId", "OwnerDisplayName", "LastEditorUserId", "LastEditorDisplayName", "LastEditDate", "Title"),
        *("LastActivityDate", "AnswerCount", "CommentCount", "FavoriteCount", "CommunityOwnedDate", "ClosedDate"),
        *("ContentLicense", "DeletionDate"),
    }
)
_OF_COMMENTS = frozenset(
    {"Id", "PostId", "Score", "Text", "CreationDate", "UserId", "UserDisplayName", "ContentLicense"}
)


class StackExchangeReader:
    """Questions, answers and comments. Every one is a document by itself; those of one question have its id."""

    name = "stackexchange"
    title = "Stack Exchange data dumps (Posts.xml with Users.xml and Comments.xml)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(name="Stack Exchange posts", looks="`Posts.xml`", gives="questions and answers with day, score, tags"),
        Format(name="Stack Exchange comments", looks="`Comments.xml` beside the posts", gives="comments"),
        Format(name="Stack Exchange users", looks="`Users.xml` beside the posts", gives="names and job titles"),
    )

    def identify(self, probe: Probe) -> bool:
        """XML whose root is one of the dump's tables and whose first element is a row with an id."""
        return _table(probe) is not None

    def accompanies(self, probe: Probe) -> bool:
        """Only the posts stand by themselves."""
        return _table(probe) != "posts"

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One community document a question, answer or comment.

        Raises:
            MalformedSource: no XML, or a table of the dump without words.
        """
        notes, site = Notes(), _site(path, context)
        tables = {_table(probe(beside)): beside for beside in context.companions if beside.parent == path.parent}
        tables[_table(probe(path))] = path
        if not tables.keys() & {"posts", "comments"}:
            raise MalformedSource(
                f"{path.name} holds nothing that somebody wrote",
                hint="Ingest Posts.xml of the same dump, and leave this file beside it.",
                path=str(path),
            )
        with opened_lookup() as known:
            dump = _Dump(site, known, notes)
            if users := tables.get("users"):
                dump.learn_users(users)
            if posts := tables.get("posts"):
                yield from dump.posts(posts)
            if comments := tables.get("comments"):
                yield from dump.comments(comments)
        yield from notes.findings()
        if site is None:
            yield Finding(
                code="site-unknown",
                message="the dump does not tell its site, so posts have no link: name its folder after the site, "
                "such as security.stackexchange.com",
                severity=Severity.INFO,
            )


def _table(seen: Probe) -> str | None:
    match = _ROOT.match(seen.text)
    return match[1] if match else None


def _site(path: Path, context: ReadContext) -> str | None:
    """The site, where the folder, the archive or the file is named after it."""
    found = _SITE.search(f"{context.shown or ''} {path.parent.name} {path.name}".casefold())
    return found[0] if found else None


class _Dump:
    """The tables of one site. What later rows need of earlier ones lies in `known`."""

    def __init__(self, site: str | None, known: Lookup, notes: Notes) -> None:
        self._site = site
        self._known = known
        self._notes = notes

    def learn_users(self, path: Path) -> None:
        """Names and job titles by user id."""
        for row in _rows(path, self._notes.remarks):
            if (number := text_in(row, "Id")) and (name := text_in(row, "DisplayName")):
                self._known.put(f"user:{number}", json.dumps([name, _job_title(row.get("AboutMe", ""))]))

    def posts(self, path: Path) -> Iterator[ReadDocument]:
        """Questions and answers."""
        for row in _rows(path, self._notes.remarks):
            self._notes.left.look(row, _OF_POSTS)
            if text_in(row, "PostTypeId") not in _A_POST:
                what = "descriptions of tags and the like were left out"
                self._notes.remarks.add("no-posts", what, severity=Severity.INFO)
            elif document := self._post(row):
                yield document

    def comments(self, path: Path) -> Iterator[ReadDocument]:
        """Comments below questions and answers."""
        for row in _rows(path, self._notes.remarks):
            self._notes.left.look(row, _OF_COMMENTS, at="comments")
            number, post = text_in(row, "Id"), text_in(row, "PostId")
            text = row.get("Text", "").strip(BLANK)
            if number is None or not text or row.get("UserId") == _COMMUNITY:
                self._notes.count("no-text" if not text else "bots")
                continue
            thread = self._known.get(f"thread:{post}")
            yield self._document(
                row,
                id=self._id(f"comment-{number}", row),
                text=text,
                author=self._author(row, "UserId", "UserDisplayName"),
                thread=thread,
                url=f"https://{self._site}/posts/comments/{number}" if self._site else None,
                meta=filled(reply_to=self._known.get(f"id:{post}"), **self._usual_meta(row)),
            )

    def _post(self, row: Row) -> ReadDocument | None:
        number, is_question = text_in(row, "Id"), row.get("PostTypeId") == "1"
        if row.get("OwnerUserId") == _COMMUNITY:
            self._notes.count("bots")
            return None
        title = " ".join(row.get("Title", "").split()) or None if is_question else None
        body, quoted = plain_text(row.get("Body", ""))
        text, quoted = titled(title, body, quoted)
        if number is None or not text.strip(BLANK):
            self._notes.count("no-text")
            return None
        parent = text_in(row, "ParentId")
        thread = number if is_question else parent
        full = self._id(number, row)
        self._remember(row, number, thread, full, title)
        accepted = not is_question and self._known.get(f"accepted:{number}")
        return self._document(
            row,
            id=full,
            text=text,
            quoted=quoted,
            title=title,
            author=self._author(row, "OwnerUserId", "OwnerDisplayName"),
            thread=thread,
            url=f"https://{self._site}/{'q' if is_question else 'a'}/{number}" if self._site else None,
            meta=filled(
                reply_to=None if is_question else self._known.get(f"id:{parent}"),
                accepted="yes" if accepted else None,
                **self._usual_meta(row),
            ),
        )

    def _document(
        self,
        row: Row,
        *,
        id: str,  # noqa: A002  (what it is)
        text: str,
        author: Participant | None,
        thread: str | None,
        url: str | None,
        meta: Mapping[str, str],
        quoted: tuple[tuple[int, int], ...] = (),
        title: str | None = None,
    ) -> ReadDocument:
        return ReadDocument(
            kind=SourceKind.COMMUNITY,
            external_id=id,
            turns=(ReadTurn(speaker=author.name if author else None, text=text, quoted=quoted),),
            title=title,
            happened_on=day_of_moment(row.get("CreationDate")),
            url=url,
            thread_id=thread,
            question=None if title else self._known.get(f"title:{thread}"),
            tags=tuple(filter(None, map(str.strip, _TAG.findall(row.get("Tags", ""))))),
            participants=(author,) if author else (),
            meta=meta,
        )

    def _id(self, number: str, row: Row) -> str:
        """Numbers repeat from site to site; where the site is not known, the moment of writing tells them apart."""
        if self._site:
            return f"{self._site}-{number}"
        stamp = re.sub(r"\D", "", row.get("CreationDate", ""))
        return "-".join(filter(None, ("stackexchange", number, stamp)))

    def _remember(self, row: Row, number: str, thread: str | None, full: str, title: str | None) -> None:
        self._known.put(f"id:{number}", full)
        if thread:
            self._known.put(f"thread:{number}", thread)
        if title:
            self._known.put(f"title:{number}", title)
        if accepted := text_in(row, "AcceptedAnswerId"):
            self._known.put(f"accepted:{accepted}", "yes")

    def _author(self, row: Row, by_id: str, by_name: str) -> Participant | None:
        """The author by name; numbered as the site does it where the users are not at hand."""
        number = text_in(row, by_id)
        if number and (told := self._known.get(f"user:{number}")):
            name, title = json.loads(told)
            return Participant(name=name, title=title)
        name = text_in(row, by_name) or (f"user{number}" if number else None)
        return Participant(name=name) if name else None

    def _usual_meta(self, row: Row) -> dict[str, str]:
        return filled(
            score=text_in(row, "Score"),
            views=text_in(row, "ViewCount"),
            replies=text_in(row, "AnswerCount"),
            site=self._site,
            license=text_in(row, "ContentLicense") or "CC BY-SA",
        )


def _rows(path: Path, remarks: Remarks) -> Iterator[Row]:
    """The rows of a table as their attributes."""
    for element in elements(path, ("row",), remarks):
        try:
            row = {str(name): str(value) for name, value in element.attrib.items()}
        except UnicodeDecodeError:
            remarks.add(*UNREADABLE)
            continue
        yield row


def _job_title(about: str) -> str | None:
    """What somebody says to be: behind "I am a", or a short first line that is no sentence."""
    text = plain_text(about)[0]
    if match := _WORK.search(text):
        return match[1].strip()
    first = text.split("\n", 1)[0].strip()
    return first if 3 <= len(first) <= 60 and not first.endswith((".", "!", "?")) and "://" not in first else None
