"""A passage to make tests with."""

from __future__ import annotations

from winloss.model import Passage


def a_passage(name: str = "v1", text: str = "We close alerts unread.", **changes) -> Passage:
    """A passage of an anonymous federal SOC manager, with some values changed."""
    values = {
        "id": name, "text": text, "facet": "pain", "facet_score": 0.9, "role": "soc", "mode": "practitioner",
        "permission": None, "speaker": "Priya Nair", "respondent": "r1", "segment": "federal", "account": "Northwind",
        "outcome": None, "competitor": None, "source": "interview", "document_id": "d1", "external_id": "e1",
        "title": None, "date": "2026-04-14", "quarter": "2026Q2", "turn": 1, "start": 0, "end": len(text),
        "start_ms": None, "end_ms": None, "url": None, "theme_id": "h1", "rights": "anonymous",
    }  # fmt: skip
    return Passage(**{**values, **changes})
