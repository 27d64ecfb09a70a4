"""`winloss analyse`, and the same machinery on plain files: `classify`, `cluster`, `compare`."""

from __future__ import annotations

import click

from winloss.cli.progress import shown_progress
from winloss.cli.shared import json_option, print_json, workbench
from winloss.services.presenting import plain


@click.command("analyse")
@json_option
@click.pass_context
def analyse_command(context: click.Context, *, as_json: bool) -> None:
    """Bring everything derived up to date; computes only what is stale and continues where it stopped.

    \b
    Example:
      winloss analyse
    """
    from winloss.services.analysis import analyse

    report = analyse(workbench(context))
    if as_json:
        print_json(plain(report))
        return
    words = plain(report)
    assert isinstance(words, dict)
    for name, value in words.items():
        click.echo(
            f"{name.replace('_', ' ')}: {', '.join(value) or 'none' if isinstance(value, list) else f'{value:,}'}"
        )


@click.command("classify")
@click.argument("file", default="-")
def classify_command(file: str) -> None:
    """Sort passages into engagement, pain, proof or none: JSON lines in, JSON lines out, no workspace needed.

    \b
    Example:
      echo '{"id": "1", "text": "Alerts get closed unread."}' | winloss classify
    """
    from winloss.bootstrap import open_tools
    from winloss.services.workspace import standalone

    for line in standalone.classify_lines(open_tools(shown_progress()), file):
        click.echo(line)


@click.command("cluster")
@click.argument("file")
@click.option("--text", "column", help="Column or key that holds the text (default: text, or the only long one).")
@json_option
def cluster_command(file: str, column: str | None, *, as_json: bool) -> None:
    """Find the themes of any list of texts (.csv or .jsonl), without a workspace.

    \b
    Example:
      winloss cluster tickets.csv --text body --json
    """
    from winloss.bootstrap import open_tools
    from winloss.services.workspace import standalone

    answer = standalone.cluster_file(open_tools(shown_progress()), file, column)
    if as_json:
        print_json(answer)
        return
    for theme in answer["themes"]:
        click.echo(f"{theme['size']:>5}  {click.style(theme['title'], bold=True)}  ({', '.join(theme['terms'])})")
    assigned = answer["assignments"].values()
    click.echo(f"{sum(1 for theme in assigned if theme is None):,} of {len(assigned):,} texts fit no theme")


@click.command("compare")
@click.option("--history", multiple=True, required=True, help="A file of earlier texts; oldest first, several times.")
@click.option("--current", required=True, help="The file of current texts.")
@click.option("--text", "column", help="Column or key that holds the text.")
@json_option
def compare_command(history: tuple[str, ...], current: str, column: str | None, *, as_json: bool) -> None:
    """Does CURRENT say anything that HISTORY did not? The drift detector without a workspace.

    \b
    Example:
      winloss compare --history q1.csv --history q2.csv --current q3.csv --json
    """
    from winloss.bootstrap import open_tools
    from winloss.services.workspace import standalone

    answer = standalone.compare_files(open_tools(shown_progress()), history, current, column)
    if as_json:
        print_json(answer)
        return
    click.echo(f"{click.style(answer['verdict'], bold=True)}: {answer['sentence']}")
    for item in answer["new"][:10]:
        click.echo(f"  {item['novelty']:.2f}  “{item['text']}”")
