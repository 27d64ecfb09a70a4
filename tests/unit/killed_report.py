"""Makes a report as a job, as a server does, and hangs at a moment until it is killed.

    python -m tests.unit.killed_report WORKSPACE MOMENT [ENDPOINT]

MOMENT is `composing`, in the middle of it, `kept`, once the report is stored and before that is noted, or `asking`,
while the language model at ENDPOINT, which drafts for the report that is kept, is asked for the second part.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from tests.conftest import StillClock, with_stand_ins
from tests.unit.killed_job import hang
from winloss.bootstrap import open_workbench
from winloss.chat import ChatModel, address_of
from winloss.services.reports import keeping, making
from winloss.services.workspace import working

AT = {
    "composing": "winloss.services.reports.sections.gaps.gaps",
    "kept": "winloss.services.workspace.working.Running.came_to",
}


class HangingModel(ChatModel):
    """Answers the first question, and hangs at the second."""

    asked = 0

    def ask(self, instructions: str, data: str) -> str:
        self.asked += 1
        if self.asked > 1:
            hang()
        return super().ask(instructions, data)


def main(root: Path, moment: str, endpoint: str = "") -> None:
    bench = with_stand_ins(open_workbench(root, clock=StillClock()))
    if moment == "asking":
        model = HangingModel(address_of(endpoint, allow_remote=False), model="tiny", key="", seconds=5)
        bench = replace(bench, drafter=lambda: model)
        making.ask_draft(bench, keeping.listed(bench)[0].id)
        working.work(bench)
    else:
        making.ask(bench, making.Wish(quarter="2026Q2"))
        with patch(AT[moment], hang):
            working.work(bench)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
