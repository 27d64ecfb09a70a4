"""The command group: every command by name, loaded when it is called or listed."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click

COMMANDS = {
    "demo": "demo",
    "ingest": "sources",
    "speakers": "speaking",
    "jobs": "queueing",
    "analyse": "deriving",
    "search": "finding",
    "similar": "finding",
    "show": "finding",
    "quote": "citing",
    "synonyms": "wording",
    "collections": "collecting",
    "saved": "collecting",
    "codes": "coding",
    "code": "coding",
    "agreement": "coding",
    "label": "labelling",
    "themes": "tracking",
    "theme": "curating",
    "permissions": "dealing",
    "deals": "dealing",
    "drift": "drifting",
    "coverage": "noticing",
    "unread": "noticing",
    "matrix": "crossing",
    "map": "crossing",
    "proof-gap": "crossing",
    "audit": "audit",
    "decks": "audit",
    "beliefs": "beliefs",
    "report": "tracking",
    "classify": "deriving",
    "cluster": "deriving",
    "compare": "deriving",
    "serve": "serving",
    "users": "people",
    "mcp": "assistant",
    "status": "upkeep",
    "copies": "sources",
    "formats": "sources",
    "template": "sources",
    "doctor": "upkeep",
    "rights": "rights",
    "forget": "forgetting",
    "export": "upkeep",
    "backup": "upkeep",
    "restore": "upkeep",
    "reindex": "upkeep",
    "verify": "upkeep",
}
"""Command -> module of `winloss.cli` that holds `<command>_command`, in the order in which help lists them."""

_ONE_ANSWER = ("search", "similar", "show", "quote", "status")
"""Commands that compute so little that starting threads for it would cost more than it saves."""


class LazyGroup(click.Group):
    """Imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in _ONE_ANSWER:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        module = import_module(f"winloss.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="WINLOSS_WORKSPACE",
    help="Folder that holds everything; default: your data folder.",
)
@click.version_option(package_name="winloss")
@click.pass_context
def winloss(context: click.Context, workspace: Path | None) -> None:
    """The buyer's exact words, back in the room.

    \b
    Example, from transcripts to a report:
      winloss ingest interviews/ community.csv opportunities.csv
      winloss analyse
      winloss search "year two cost" --segment federal
      winloss report --quarter 2026Q2 --out synthesis.html
      winloss serve
    """
    context.obj = workspace
