"""Words on slides: what stands together, how large it is set, and on which slide it comes to stand.

Nothing is left out and nothing is altered: what does not fit is set smaller within bounds, then goes on on a further
slide, cut at the end of a line where it is longer than a whole slide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from winloss.report import fitting

SCALES = (1.0, 0.94, 0.88, 0.82, 0.76)
"""How much smaller words may be set to stand together on one slide."""
SPREAD = 0.88
"""How large they are where they go on on further slides."""
SMALLEST = (0.8, 0.7, 0.62)
"""What a single piece may shrink to before it is cut."""
INDENT = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words set alike. `cites` is the number of a verbatim that they lead to, `place` that of the one they begin; `url`
    is an address, `language` what they are written in."""

    text: str
    face: str = "text"
    colour: str = "ink"
    bold: bool = False
    cites: int | None = None
    place: int | None = None
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph: its size in points, the room below it, whether a bullet stands before it, and its indent."""

    runs: tuple[Run, ...]
    size: float
    after: float = 4.0
    bullet: bool = False
    indent: float = 0.0
    from_right: bool = False

    @property
    def text(self) -> str:
        """All of its words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs that stand together, such as a quotation and who said it."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What stands on one slide, and how much smaller than usual it is set."""

    scale: float
    blocks: tuple[Block, ...]


def sized(size: float, scale: float) -> float:
    """A type size made smaller, in half points, as it is really set."""
    return int(2 * size * scale + 1e-6) / 2


def height(blocks: Sequence[Block], room: float, scale: float) -> float:
    """How high the blocks are in so much width."""
    return sum(_height(line, room, scale) for block in blocks for line in block.lines)


def pages(blocks: Sequence[Block], *, first: tuple[float, float], later: tuple[float, float]) -> list[Page]:
    """The blocks on as many slides as they need; `first` and `later` are (width, height) of the room on them."""
    if not blocks:
        return []
    for scale in SCALES:
        if height(blocks, first[0], scale) <= first[1]:
            return [Page(scale=scale, blocks=tuple(blocks))]
    return _spread(list(blocks), first, later)


def pages_apart(blocks: Sequence[Block], room: tuple[float, float]) -> list[Page]:
    """The blocks in as many columns of one size as they need, none set smaller than the others where it fits."""
    return _spread(list(blocks), room, room, scale=1.0)


def _spread(
    left: list[Block], first: tuple[float, float], later: tuple[float, float], scale: float = SPREAD
) -> list[Page]:
    made: list[Page] = []
    while left:
        room = later if made else first
        taken = _taken(left, room, scale)
        if taken:
            made.append(Page(scale=scale, blocks=tuple(left[:taken])))
            del left[:taken]
            continue
        smaller = next((size for size in SMALLEST if height(left[:1], room[0], size) <= room[1]), None)
        if smaller is None:
            head, left[0] = _cut(left[0], room, SMALLEST[-1])
            made.append(Page(scale=SMALLEST[-1], blocks=(head,)))
        else:
            made.append(Page(scale=smaller, blocks=(left.pop(0),)))
    return made


def _taken(left: Sequence[Block], room: tuple[float, float], scale: float) -> int:
    """How many of the blocks fit, from the first on."""
    used = 0.0
    for number, block in enumerate(left):
        used += height([block], room[0], scale)
        if used > room[1]:
            return number
    return len(left)


def _cut(block: Block, room: tuple[float, float], scale: float) -> tuple[Block, Block]:
    """A block that is higher than a slide in two: its longest words go on in the second."""
    tall = max(range(len(block.lines)), key=lambda place: _height(block.lines[place], room[0], scale))
    line = block.lines[tall]
    free = room[1] - height([Block(block.lines[:tall])], room[0], scale) - scale * line.after
    size = sized(line.size, scale)
    most = int(free / (fitting.LEADING * size))
    longest = max(range(len(line.runs)), key=lambda place: len(line.runs[place].text))
    words = line.runs[longest]
    head, rest = fitting.cut(words.text, size, _room(line, room[0]), most - 1)
    before = replace(line, runs=(*line.runs[:longest], replace(words, text=head)))
    behind = replace(line, runs=(replace(words, text=rest), *line.runs[longest + 1 :]), bullet=False)
    return Block((*block.lines[:tall], before)), Block((behind, *block.lines[tall + 1 :]))


def _height(line: Line, room: float, scale: float) -> float:
    return fitting.height(line.text, sized(line.size, scale), _room(line, room)) + scale * line.after


def _room(line: Line, room: float) -> float:
    return max(room - line.indent - (INDENT if line.bullet else 0.0), 40.0)
