"""`winloss label`: people say what a verbatim is, see how often the model is right, and have it learn from them."""

from __future__ import annotations

from pathlib import Path

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.errors import NotFound
from winloss.model import Facet, Passage, Share
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.presenting import plain
from winloss.services.research import labelling, retraining
from winloss.services.research.coding import coder_name
from winloss.services.research.labelling import ORDERS, UNSURE, LabelReport
from winloss.services.research.retraining import Lesson
from winloss.services.search import searching

KEYS = {"e": Facet.ENGAGEMENT, "p": Facet.PAIN, "r": Facet.PROOF, "n": Facet.NONE}
"""Key -> what it labels; `s` skips, `u` takes the last label back, `q` ends."""
SKIP, UNDO, QUIT = "s", "u", "q"


@click.command("label")
@click.argument("verbatim_id", metavar="[VERBATIM]", required=False)
@click.option("--facet", type=click.Choice([*Facet]), help="What the verbatim is.")
@click.option("--undo", is_flag=True, help="Take back what you said of this verbatim, or what you did last.")
@click.option("--by", envvar="WINLOSS_CODER", metavar="NAME", help="You; also from WINLOSS_CODER.")
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default=UNSURE,
    show_default=True,
    help="What to show first: what the model is least sure of, what themes rest on, or verbatims drawn by chance.",
)
@click.option("--from", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Labels as CSV.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write all labels to this CSV file.")
@click.option("--report", is_flag=True, help="Show what was labelled, and how often the model is right.")
@click.option("--retrain", is_flag=True, help="Learn from all labels and show what that would change.")
@click.option("--adopt", is_flag=True, help="Let what was learned last decide from the next analysis on.")
@click.option("--revert", is_flag=True, help="Let the model that ships decide again; labels stay.")
@json_option
@click.pass_context
def label_command(
    context: click.Context,
    verbatim_id: str | None,
    facet: str | None,
    by: str | None,
    order: str,
    source: Path | None,
    out: Path | None,
    *,
    undo: bool,
    report: bool,
    retrain: bool,
    adopt: bool,
    revert: bool,
    as_json: bool,
) -> None:
    """Say what verbatims are: engagement, pain, proof or none. What people say wins over the model.

    Without a verbatim, they are shown one after the other, to be labelled with one key each.

    \b
    Examples:
      winloss label --by Dana
      winloss label --by Dana --order random
      winloss label vabcdefghijklmnop --facet pain --by Dana
      winloss label --retrain
    """
    asked = {"--report": report, "--retrain": retrain, "--adopt": adopt, "--revert": revert}
    asked |= {"--from": source is not None, "--out": out is not None, "--facet": facet is not None, "--undo": undo}
    if sum(asked.values()) > 1:
        raise click.UsageError(f"one of {', '.join(name for name, given in asked.items() if given)} at a time")
    if bool(facet) and not verbatim_id:
        raise click.UsageError("--facet needs a verbatim's id")
    bench = workbench(context)
    if report:
        _tell(labelling.report(bench), as_json=as_json)
    elif retrain or adopt or revert:
        _learn(bench, retrain=retrain, adopt=adopt, as_json=as_json)
    elif source:
        changed, unknown = labelling.take_labels(bench, source.read_text(encoding="utf-8-sig"), by=by)
        _answer(as_json, {"changed": changed, "unknown": unknown}, _taken(changed, unknown))
    elif out:
        lines = labelling.label_lines(bench)
        out.write_text("".join(lines), encoding="utf-8")
        _answer(as_json, {"labels": len(lines) - 1, "file": str(out)}, f"{len(lines) - 1:,} labels written to {out}.")
    elif undo:
        _take_back(bench, verbatim_id, by, as_json=as_json)
    elif verbatim_id and facet:
        made = labelling.label(bench, verbatim_id, facet, by=by)
        _answer(as_json, made, f"{made.by} says {made.verbatim_id} is {made.facet}. `winloss analyse` counts it so.")
    else:
        _one_by_one(bench, verbatim_id, coder_name(by), order)


def _one_by_one(bench: Workbench, verbatim_id: str | None, me: str, order: str) -> None:
    """Show verbatims until somebody has had enough."""
    waiting = [verbatim_id] if verbatim_id else labelling.queue(bench, order=order, by=me)
    if not waiting:
        click.echo("Nothing is left to label. New verbatims come with `winloss ingest` and `winloss analyse`.")
        return
    done = 0
    blind = order == labelling.RANDOM
    for place, name in enumerate(waiting, start=1):
        _show(searching.show(bench, name, context=1).passage, f"{place} of {len(waiting):,}", blind=blind)
        while (key := _key()) == UNDO:
            click.echo(_undone(bench, me))
        if key == QUIT:
            break
        if key != SKIP:
            made = labelling.label(bench, name, KEYS[key], by=me, blind=blind)
            said = f" (the model said {made.instead})" if made.instead not in (None, made.facet.value) else ""
            click.echo(click.style(f"  {made.facet}{said}", dim=True))
            done += 1
    click.echo(f"{done:,} labelled. `winloss analyse` counts them so; `winloss label --report` shows what they say.")


def _show(passage: Passage, place: str, *, blind: bool) -> None:
    click.echo()
    click.echo(click.style(" · ".join(filter(None, (place, passage.role, passage.source, passage.quarter))), dim=True))
    if passage.question:
        click.echo(click.style(f"  asked: {passage.question}", dim=True))
    click.echo(f"  {passage.text}")
    if not blind and passage.facet:
        score = f" {passage.facet_score:.0%}" if passage.facet_score is not None else ""
        click.echo(click.style(f"  so far: {passage.facet}{score}, {passage.reason or ''}", dim=True))


def _key() -> str:
    words = "[e]ngagement  [p]ain  p[r]oof  [n]one   [s]kip  [u]ndo  [q]uit"
    return str(click.prompt(words, type=click.Choice([*KEYS, SKIP, UNDO, QUIT]), show_choices=False)).lower()


def _take_back(bench: Workbench, verbatim_id: str | None, by: str | None, *, as_json: bool) -> None:
    if verbatim_id:
        there = labelling.unlabel(bench, verbatim_id, by=by)
        _answer(as_json, {"undone": there}, "Taken back." if there else "You had said nothing of this verbatim.")
        return
    done = doing.undo(bench, by=coder_name(by))
    _answer(as_json, {"undone": done.what}, f"Taken back: {done.what}.")


def _undone(bench: Workbench, me: str) -> str:
    try:
        return f"Taken back: {doing.undo(bench, by=me).what}."
    except NotFound:
        return "There is nothing to take back."


# --- what was labelled, and what it teaches --------------------------------------------------------------------------


def _tell(found: LabelReport, *, as_json: bool) -> None:
    if as_json:
        print_json(plain(found))
        return
    click.echo(f"{found.labelled:,} of {found.of:,} verbatims are labelled: {_counts(found.facets)}.")
    if found.people:
        click.echo(f"By {_counts(found.people)}.")
    for row in found.overruled:
        click.echo(f"  the model said {row.model}, people say {row.people}: {row.count:,}")
    model = found.model
    if model.enough:
        click.echo(
            f"The model was right on {model.right:,} of {model.of:,} labelled blind"
            f" (95 % interval {model.low:.0%} to {model.high:.0%})."
        )
    else:
        click.echo(
            f"{model.of:,} were labelled blind, too few to say how often the model is right: --order random gives more."
        )
    for pair in found.pairs:
        said = "too few in common, or one of them never varies" if pair.kappa is None else f"kappa {pair.kappa:.2f}"
        click.echo(f"  {pair.a} and {pair.b}: the same on {pair.agreed:,} of {pair.n:,}; {said}")


def _learn(bench: Workbench, *, retrain: bool, adopt: bool, as_json: bool) -> None:
    if retrain:
        lesson = retraining.measure(bench)
        _answer(as_json, lesson, _told(lesson))
    elif adopt:
        lesson = retraining.adopt(bench)
        _answer(as_json, lesson, "Adopted. `winloss analyse` decides anew; `winloss label --revert` gives it up.")
    else:
        given_up = retraining.give_up(bench)
        words = "Given up. `winloss analyse` decides anew." if given_up else "Nothing had been adopted."
        _answer(as_json, {"reverted": given_up is not None}, words)


def _told(lesson: Lesson) -> str:
    verdict = (
        "It helps: `winloss label --adopt` takes it into use."
        if lesson.helps
        else "That may be chance. More labels would tell; `winloss label --adopt` takes it into use all the same."
    )
    return (
        f"On the {lesson.before.base:,} labelled verbatims of {lesson.documents:,} documents,"
        " each judged by what the other documents teach:\n"
        f"  as it ships: {_right(lesson.before)}    having learned: {_right(lesson.after)}\n"
        f"  {lesson.fixed:,} put right, {lesson.broken:,} put wrong (p = {lesson.p:.3f}); the share changes by"
        f" {lesson.low:+.1%} to {lesson.high:+.1%}\n"
        f"  labelled blind only: {_right(lesson.blind_before)}, then {_right(lesson.blind_after)}\n"
        f"Labels that correct what looked wrong are no fair sample; blind ones are.\n{verdict}"
    )


def _right(share: Share) -> str:
    value = "none" if share.value is None else f"{share.value:.0%}"
    return f"{value} right ({share.count:,} of {share.base:,})"


def _counts(counts: object) -> str:
    items = dict(counts).items() if isinstance(counts, dict) else ()
    return ", ".join(f"{name} {count:,}" for name, count in sorted(items, key=lambda item: -item[1])) or "none yet"


def _taken(changed: int, unknown: list[str]) -> str:
    lost = f" No verbatim is called {', '.join(unknown[:5])}{' …' if len(unknown) > 5 else ''}." if unknown else ""
    return f"{changed:,} labels are new or other than before.{lost}"


def _answer(as_json: bool, value: object, words: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(plain(value))
    else:
        click.echo(words)
