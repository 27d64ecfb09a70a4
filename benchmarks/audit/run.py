"""How often a claim is graded for people who do not speak of it: claims about other subjects, held against a workspace.

    python -m benchmarks.audit.run WORKSPACE KEY_POINTS.csv [MOST]

KEY_POINTS is a table with a column `key_point`, such as that of ArgKP 2021: statements about school uniforms, zoos and
pensions, of which no buyer of software speaks. Whoever counts for or against one was misread.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from winloss.bootstrap import open_workbench
from winloss.services.audit import auditing

A_DECK = 50


def main() -> None:
    """Print the grades of claims about other subjects, and how many people in a thousand are misread for one."""
    workspace, table = Path(sys.argv[1]), Path(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    with table.open(encoding="utf-8", newline="") as file:
        points = [row["key_point"] for row in csv.DictReader(file)][:most]
    bench = open_workbench(workspace)
    grades: Counter[str] = Counter()
    supports, against, heard = [], [], 0
    started = time.process_time()
    for start in range(0, len(points), A_DECK):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "deck.md"
            path.write_text("\n".join(f"- {point}" for point in points[start : start + A_DECK]), encoding="utf-8")
            audit = auditing.audit_file(bench, path)
        heard = audit.respondents
        for claim in audit.claims:
            grades[claim.grade.value] += 1
            supports.append(claim.supports.count)
            against.append(claim.contradicts.count)
    claims = len(supports)
    print(f"{claims} claims about other subjects, {heard} people heard, {time.process_time() - started:.0f} s of CPU")
    for grade, count in grades.most_common():
        print(f"  {grade:<40} {count:>4}  {count / claims:.1%}")
    print(f"  misread as for a claim: {1000 * sum(supports) / claims / heard:.2f} in a thousand people heard")
    print(f"  misread as against one: {1000 * sum(against) / claims / heard:.2f} in a thousand people heard")
    bench.store.close()


if __name__ == "__main__":
    main()
