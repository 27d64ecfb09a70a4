"""`winloss demo`: a fresh workspace with the fictional corpus, analysed, summed up, served."""

from __future__ import annotations

from pathlib import Path

import click

from winloss.bootstrap import default_workspace, open_workbench
from winloss.cli.progress import shown_progress


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop after the summary.")
@click.option("--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="Port of the web app.")
@click.pass_context
def demo_command(context: click.Context, port: int, *, no_serve: bool) -> None:
    """Load the fictional demo corpus into a fresh workspace, analyse it, sum it up and serve it.

    \b
    Example:
      winloss demo --no-serve
    """
    from winloss.services.workspace import demo

    root: Path = context.obj or default_workspace().with_name("winloss-demo")
    demo.prepare(root)
    bench = open_workbench(root, progress=shown_progress())
    for line in demo.run(bench):
        click.echo(line)
    if not no_serve:
        from winloss.cli.serving import serve

        serve(bench, port=port)
