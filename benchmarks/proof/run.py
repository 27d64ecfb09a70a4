"""Demanded or received: the head of `nlp.facets.proof_sides` on labelled passages, beside the rules and two baselines.

python -m benchmarks.proof.run            # the half it was trained on
python -m benchmarks.proof.run --test     # the other half
"""

from __future__ import annotations

import argparse
from collections import Counter

from nlp.facets.proof_cues import told_side
from nlp.facets.proof_sides import proof_sides
from nlp.facets.proof_training import bundled_encoder, passages

SIDES = ("demanded", "received", "unclear")
ASKING = ("show me", "need", "want", "ask", "prove")
HAD = ("gave", "pilot", "trial", "ran", "tested", "got")


def keywords(text: str) -> str:
    """What a short list of words would say."""
    plain = text.casefold()
    if any(word in plain for word in ASKING):
        return "demanded"
    return "received" if any(word in plain for word in HAD) else "unclear"


def scores(wanted: list[str], given: list[str]) -> tuple[float, float]:
    """Accuracy and macro-F1."""
    pairs = Counter(zip(wanted, given, strict=True))
    right = sum(count for (one, other), count in pairs.items() if one == other)
    f1 = []
    for side in SIDES:
        hit = pairs[side, side]
        total = sum(count for (one, other), count in pairs.items() if side in (one, other)) + hit
        f1.append(2 * hit / total if total else 0.0)
    return right / len(wanted), sum(f1) / len(f1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    part = passages("test" if asked.test else "dev")
    texts = [row["text"] for row in part]
    encoder = bundled_encoder()
    wanted = [row["side"] for row in part]
    usual = Counter(wanted).most_common(1)[0][0]
    judges = {
        "head": [side.value for side in proof_sides(texts, encoder.encode(texts), encoder=encoder.fingerprint)],
        "wording only": [side.value for side in proof_sides(texts)],
        "rules only": [told_side(text)[0].value for text in texts],
        "keyword list": [keywords(row["text"]) for row in part],
        "majority": [usual] * len(part),
    }
    print(f"{len(part)} passages: {dict(Counter(wanted))}")
    for name, given in judges.items():
        accuracy, f1 = scores(wanted, given)
        print(f"{name:<13} accuracy {accuracy:.3f}  macro-F1 {f1:.3f}")
    given = judges["head"]
    for side in SIDES[:2]:
        told = sum(1 for item in given if item == side)
        hit = sum(1 for one, other in zip(wanted, given, strict=True) if one == other == side)
        print(f"{side}: precision {hit / max(told, 1):.3f} recall {hit / wanted.count(side):.3f}")
    for field in sorted({row["field"] for row in part}):
        own = [place for place, row in enumerate(part) if row["field"] == field]
        print(f"  {field}: {sum(wanted[place] == given[place] for place in own)} of {len(own)} right")
    if asked.errors:
        for row, side in zip(part, given, strict=True):
            if row["side"] != side:
                print(f"{row['side']} -> {side}: {row['text']}")


if __name__ == "__main__":
    main()
