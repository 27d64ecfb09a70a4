"""The `winloss` command. One module a command family; heavy imports wait until a command needs them."""

from __future__ import annotations

import gc
import sys

from winloss.errors import WinlossError

__all__ = ["main"]

_COLLECT_AFTER = 50_000
"""New objects between two looks for garbage: importing makes many and drops none."""


def main() -> None:
    """Run the command line and exit: 0 done, 1 the answer is "no", 2 wrong usage or unreadable input."""
    gc.set_threshold(_COLLECT_AFTER)
    from winloss.cli.commands import winloss

    try:
        winloss(prog_name="winloss")
    except WinlossError as error:
        sys.stderr.write(f"error[{error.code}]: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"hint: {error.hint}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
