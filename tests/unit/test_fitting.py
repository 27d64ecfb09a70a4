"""How much room words take: never less than they do, and no word is broken that fits."""

from __future__ import annotations

import pytest

from winloss.report import fitting
from winloss.report.flowing import Block, Line, Run, height, pages, pages_apart

ROWS = [
    ("Role", "Pain"),
    ("Compliance", "a long sentence of many words that wants all the room there is"),
    ("CISO", "short"),
]


def test_words_stay_whole_in_their_column_and_the_columns_fill_the_room():
    sides = fitting.columns(ROWS, 12.0, 220.0, beside=12.0)
    assert sum(sides) == pytest.approx(220.0)
    assert fitting.lines("Compliance", 12.0, sides[0] - 12.0) == 1


def test_a_narrow_table_is_not_drawn_out_over_the_whole_room():
    assert sum(fitting.columns([("a", "b"), ("1", "2")], 12.0, 900.0, beside=12.0)) < 300.0


def test_too_many_columns_share_what_there_is():
    assert sum(fitting.columns([("extraordinary",) * 20], 12.0, 300.0, beside=12.0)) == pytest.approx(300.0)


@pytest.mark.parametrize("text", ["日本語のテスト" * 9, "a" * 300, "MMMM WWWW " * 30, "😀" * 40])
def test_wide_letters_and_endless_words_take_more_lines(text):
    assert fitting.lines(text, 12.0, 200.0) > fitting.lines("i" * len(text), 12.0, 200.0)


def block(text: str, size: float = 16.0) -> Block:
    return Block((Line(runs=(Run(text=text),), size=size),))


def test_pieces_keep_their_order_and_each_page_holds_what_is_on_it():
    blocks = [block(f"piece {number} " + "of words " * (5 * number % 97)) for number in range(40)]
    made = pages(blocks, first=(300.0, 200.0), later=(600.0, 300.0))
    assert [item for page in made for item in page.blocks] == blocks
    assert height(made[0].blocks, 300.0, made[0].scale) <= 200.0
    assert all(height(page.blocks, 600.0, page.scale) <= 300.0 for page in made[1:])
    assert pages([], first=(300.0, 200.0), later=(300.0, 200.0)) == []


def test_a_piece_higher_than_a_page_is_cut_between_words_and_nothing_of_it_is_lost():
    wall = " ".join(f"word{number}" for number in range(900))
    made = pages_apart([block(wall)], (300.0, 200.0))
    pieces = [line.text for page in made for item in page.blocks for line in item.lines]
    assert "".join(pieces) == wall
    assert all(piece.rstrip().split()[-1].startswith("word") for piece in pieces)
    assert all(height(page.blocks, 300.0, page.scale) <= 200.0 for page in made)
