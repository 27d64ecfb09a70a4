"""A verbatim as a citation: the exact words, who said them as far as the rights allow, the source, and the link back.

What a buyer wrote is shown to the letter in each form, and nothing in it acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from winloss.codebook import Codebook
from winloss.errors import NotAllowed
from winloss.model import Passage, Rights
from winloss.ports import Workbench
from winloss.report.markdown import inert
from winloss.services import presenting
from winloss.services.quote_rights.outward import outward
from winloss.services.search import searching

FORMS = ("plain", "markdown", "html")
REASON = "these words are not to be quoted"
_SAFE = ":/?#[]@!$&'*+,;=%~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A citation in the three forms in which it can be pasted; `words` is the plain one without the link."""

    words: str
    link: str
    markdown: str
    html: str

    @property
    def plain(self) -> str:
        """The words, who said them, and the link on a line of its own."""
        return f"{self.words}\n{self.link}"


def cite(bench: Workbench, verbatim_id: str, *, link: Callable[[str], str]) -> Citation:
    """The verbatim as a citation; `link` gives the address that leads back to a verbatim.

    Raises:
        NotFound: no such verbatim.
        NotAllowed: it is not to be quoted.
    """
    found = searching.show(bench, verbatim_id, context=0)
    return citation(bench, found.passage, link=link, retired=found.retired)


def citation(bench: Workbench, passage: Passage, *, link: Callable[[str], str], retired: bool = False) -> Citation:
    """The passage as a citation, telling of the speaker what may leave; `retired` where a newer version replaced it.

    Raises:
        NotAllowed: it is not to be quoted.
    """
    may_leave = outward(bench, [passage])
    return written(may_leave[0] if may_leave else passage, bench.codebook, link=link, retired=retired)


def written(passage: Passage, codebook: Codebook, *, link: Callable[[str], str], retired: bool = False) -> Citation:
    """The citation of a passage that is as it may leave.

    Raises:
        NotAllowed: it is not to be quoted.
    """
    if not presenting.may_quote(passage):
        ended = passage.rights == Rights.ENDED
        reason = f"the right to quote these words ended on {passage.quote_until}" if ended else REASON
        raise NotAllowed(reason, hint="Count it, or ask whoever shared it; `winloss rights show` tells who decided so.")
    told = _told(passage, codebook, retired=retired)
    address = quote(link(passage.id), safe=_SAFE)
    return Citation(
        words=f"“{passage.text}”\n— {told}",
        link=address,
        markdown=f"> “{inert(passage.text)}”\n>\n> — {inert(told)} · [{passage.id}](<{address}>)",
        html=(
            f'<figure>\n<blockquote cite="{escape(address)}"><p>“{_lines(passage.text)}”</p></blockquote>\n'
            f'<figcaption>— {_lines(told)} · <a href="{escape(address)}">{passage.id}</a></figcaption>\n</figure>'
        ),
    )


def _told(passage: Passage, codebook: Codebook, *, retired: bool) -> str:
    """Who said it, where and when; the source's title only where its people may be named."""
    named = passage.rights == Rights.NAMED
    parts = [
        presenting.attribution(passage, codebook),
        passage.source if named and passage.speaker else None,
        passage.title if named else None,
        passage.date,
        "internal use only" if passage.rights == Rights.INTERNAL else None,
        "from an earlier version of its document" if retired else None,
    ]
    return " · ".join(" ".join(part.split()) for part in parts if part)


def _lines(text: str) -> str:
    """The text inside HTML; its line breaks stay line breaks."""
    return escape(text, quote=False).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")
