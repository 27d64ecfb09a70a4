"""Takes a call in as a job, as a server does, and hangs at a moment until it is killed.

    python -m tests.unit.killed_job WORKSPACE MOMENT

MOMENT is `read`, once everything is stored and before that is noted, or `understanding`, in the middle of the analysis.
"""

from __future__ import annotations

import io
import sys
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from tests.conftest import StillClock, WordEncoder, with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.services.sources import joining, staged
from winloss.services.workspace import jobs, working

CALL = """Dana Ortiz: Thanks for joining. Why did you start looking?

Priya Nair: My analysts closed four thousand alerts a day unread, and two of them left us in spring.

Ravi Anand: Our pilot would have proved that to you in a week, on your own data, and without any cost.

Dana Ortiz: What would have helped?

Priya Nair: A pilot on our own traffic proved more than any slide.
"""


def hang(*_: object, **__: object) -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(600)


class Hanging(WordEncoder):
    encode = hang


def main(root: Path, moment: str) -> None:
    bench = with_stand_ins(open_workbench(root, clock=StillClock()))
    if not jobs.jobs(bench):
        upload = staged.hand_over(bench, [("call-1.txt", io.BytesIO(CALL.encode()))])
        sides = {"Ravi Anand": "vendor"}
        staged.tell(bench, upload.id, "call-1.txt", kind=None, row={"account": "Globex"}, sides=sides)
        staged.ask(bench, upload.id)
    if moment == "understanding":
        bench = replace(bench, encoder=Hanging)
        working.work(bench)
    else:
        with patch.object(joining, "join_context", hang):
            working.work(bench)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
