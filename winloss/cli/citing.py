"""`winloss quote`: a buyer's exact words, ready to be pasted."""

from __future__ import annotations

import click

from winloss.cli.shared import json_option, print_json, warn_of_few, workbench
from winloss.services.quote_rights import citing, outward


@click.command("quote")
@click.argument("verbatim_id")
@click.option(
    "--format", "form", type=click.Choice(citing.FORMS), default="plain", show_default=True, help="What to paste it as."
)
@click.option("--link", default="http://127.0.0.1:8321/v/", show_default=True, help="What permalinks begin with.")
@json_option
@click.pass_context
def quote_command(context: click.Context, verbatim_id: str, form: str, link: str, *, as_json: bool) -> None:
    """Print a verbatim as a citation: exact words, who said them as far as rights allow, source, date and link.

    \b
    Example:
      winloss quote vabcdefghijklmnop --format markdown
    """
    bench = workbench(context)
    cited = citing.cite(bench, verbatim_id, link=lambda name: f"{link}{name}")
    warn_of_few([few.words for few in outward.few_people(bench, bench.store.passages([verbatim_id]))])
    if as_json:
        print_json({"id": verbatim_id, "plain": cited.plain, "markdown": cited.markdown, "html": cited.html})
    else:
        click.echo(getattr(cited, form))
