"""Tables of what was measured, each share with its exact 95 % binomial interval."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from nlp.signal.streaks import benjamini_hochberg

ALPHA = 0.05
BASELINES = ("mmd", "unseen", "theme_sets", "classifier")
SHARES = {
    "new-40-10": (40, 10),
    "new-40-20": (40, 20),
    "true-40-5": (40, 5),
    "true-40-15": (40, 15),
    "true-40-30": (40, 30),
    "new-100-5": (100, 5),
    "new-100-10": (100, 10),
    "true-100-15": (100, 15),
    "new-100-20": (100, 20),
    "new-400-5": (400, 5),
    "true-400-10": (400, 10),
}


def tables(rows: list[dict]) -> str:
    """Every table as Markdown."""
    by_case: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for row in rows:
        by_case[row["set"], row["case"]].append(row)
    parts = [
        _alarms(by_case),
        _baselines(by_case),
        _ranking(by_case),
        _decks(by_case),
        _predicted(by_case),
        _many(by_case),
        _flags(by_case),
    ]
    return "\n\n".join(parts)


def interval(hits: int, tries: int) -> str:
    """The share with its exact 95 % binomial interval (Clopper-Pearson)."""
    from scipy.stats import beta

    low = beta.ppf(0.025, hits, tries - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, tries - hits) if hits < tries else 1.0
    return f"{hits / tries:.2f} ({low:.2f}–{high:.2f})"


def _share(rows: list[dict], of) -> str:
    return interval(sum(bool(of(row)) for row in rows), len(rows))


def _table(head: str, lines: list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *lines])


def _alarms(by_case) -> str:
    lines = [
        f"| {name} | {case} | {len(rows)} | {_share(rows, lambda row: row['p'] <= ALPHA)} | "
        f"{_share(rows, lambda row: row['emerging'])} | {_mean(rows, 'purity')} | {_mean(rows, 'recall')} | "
        f"{_mean(rows, 'cpu')} |"
        for (name, case), rows in by_case.items()
    ]
    return _table("| set | case | repetitions | alarm | emerging | purity | recall | CPU s |", lines)


def _baselines(by_case) -> str:
    lines = []
    for (name, case), rows in by_case.items():
        if any("mmd" in row for row in rows):
            cells = [_of_those(rows, test) for test in BASELINES]
            lines.append(f"| {name} | {case} | {_share(rows, lambda row: row['p'] <= ALPHA)} | {' | '.join(cells)} |")
    return _table("| set | case | tree scan | MMD | unseen mass | theme sets | classifier |", lines)


def _of_those(rows: list[dict], test: str) -> str:
    told = [row for row in rows if test in row]
    return _share(told, lambda row: row[test] <= ALPHA) if told else "–"


def _ranking(by_case) -> str:
    lines = [
        f"| {name} | {case} | {_mean(rows, 'auroc', 3)} | {_mean(rows, 'auroc_distance', 3)} | "
        f"{_mean(rows, 'auroc_nearest', 3)} |"
        for (name, case), rows in by_case.items()
        if any("auroc" in row for row in rows)
    ]
    return _table("| set | case | AUROC blended | five nearest | nearest |", lines)


def _decks(by_case) -> str:
    lines = []
    for (name, case), rows in by_case.items():
        caught = [row for row in rows if "laundered" in row]
        honest = [row for row in rows if "honest" in row]
        if caught and honest:
            lines.append(
                f"| {name} | {case} | {len(caught)} | {_share(caught, lambda row: row['laundered'] == 'LAUNDERED')} | "
                f"{_share(honest, lambda row: row['honest'] == 'LAUNDERED')} | "
                f"{_share(rows, lambda row: row.get('laundered') == 'LAUNDERED')} |"
            )
    return _table("| set | case | detected | laundering caught | honest called laundered | end to end |", lines)


def _predicted(by_case) -> str:
    lines, errors = [], defaultdict(list)
    for (name, case), rows in by_case.items():
        if case not in SHARES:
            continue
        people, share = SHARES[case]
        told = [
            row[f"power_at_{share}%"]
            for row in by_case.get((name, f"power-{people}"), [])
            if f"power_at_{share}%" in row
        ]
        if told:
            true = float(np.mean([row["p"] <= ALPHA for row in rows]))
            errors[name].append(abs(float(np.mean(told)) - true))
            seen = _share(rows, lambda row: row["p"] <= ALPHA)
            lines.append(f"| {name} | {people} | {share}% | {np.mean(told):.2f} | {seen} |")
    lines += [f"| {name} | mean error | | {np.mean(values):.3f} | |" for name, values in errors.items()]
    return _table("| set | n | share | power predicted | true |", lines)


def _flags(by_case) -> str:
    lines = [
        f"| {name} | {case} | {len(rows)} | {_share(rows, lambda row: row['narrowed'])} | "
        f"{_share(rows, lambda row: row['recycled'])} |"
        for (name, case), rows in by_case.items()
        if all("recycled" in row for row in rows) and case.startswith(("copied", "groups", "narrowed"))
    ]
    return _table("| set | case | repetitions | called narrowed | called recycled |", lines)


def _many(by_case, cells: int = 24, true: int = 6, q: float = 0.10) -> str:
    lines = []
    for name in sorted({name for name, _ in by_case}):
        null = [row["p"] for row in by_case.get((name, "stable-100"), [])]
        real = [row["p"] for row in by_case.get((name, "new-100-10"), [])]
        if len(null) >= cells - true and len(real) >= true:
            chance, false, power = np.random.default_rng(0), [], []
            for _ in range(1000):
                p = [*chance.choice(real, true, replace=False), *chance.choice(null, cells - true, replace=False)]
                out = benjamini_hochberg(p, q)
                false.append(sum(out[true:]) / max(1, sum(out)))
                power.append(sum(out[:true]) / true)
            lines.append(f"| {name} | {np.mean(false):.3f} | {np.mean(power):.2f} |")
    return _table("| set | false discoveries, 24 cells, 6 true | power |", lines)


def _mean(rows: list[dict], key: str, digits: int = 2) -> str:
    told = [row[key] for row in rows if key in row]
    return f"{np.mean(told):.{digits}f}" if told else "–"
