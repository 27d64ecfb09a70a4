"""Tables of what people said that explain themselves: interview exports, sales' win/loss sheets, logs of inquiries.

Their columns are known by name, as in CRM exports, so that the common ones need no mapping file. An interview table is
long (one row for each quote or decision driver, with or without its question) or wide (one row for each interview, one
column for each question).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.aliases import fields_by_alias, left_over, plain_header
from ingest.table_mapping import TableMapping
from winloss.model import Side, SourceKind

_ABOUT = {
    "account": ("accountname", "account", "company", "companyname", "customer", "customername"),
    "segment": ("segment", "accountsegment", "customersegment", "typeofaccount"),
    "competitor": ("competitor", "primarycompetitor", "competitorname", "winningvendor", "rival"),
    "rights": ("rights", "quoterights"),
    "url": ("url", "link", "noteurl", "interviewurl"),
}
INTERVIEWS: Mapping[str, tuple[str, ...]] = {
    "id": ("interviewid", "interviewref", "interviewnumber"),
    "text": ("quote", "verbatim", "excerpt", "buyerquote"),
    "question": ("question", "interviewquestion"),
    "speaker": ("interviewee", "intervieweename", "respondent", "contactname", "contact", "participant"),
    "job_title": ("jobtitle", "intervieweetitle", "contacttitle", "role", "title"),
    "outcome": ("outcome", "dealoutcome", "result", "wonlost", "winloss"),
    "date": ("interviewdate", "dateofinterview", "interviewedon", "date"),
    "tags": ("decisiondriver", "driver", "drivercategory", "theme", "tags"),
    **_ABOUT,
}
INQUIRIES: Mapping[str, tuple[str, ...]] = {
    "id": ("inquiryid", "inquiryref"),
    "text": ("questionverbatim", "verbatimquestion", "inquiryquestion", "question"),
    "job_title": ("buyerrole", "buyertitle", "role"),
    "date": ("date", "inquirydate"),
    **_ABOUT,
    "segment": ("buyersegment", *_ABOUT["segment"]),
    "rights": ("confidentiality", *_ABOUT["rights"]),
}
SALES_NOTES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("reasonforwinninglosing", "reasonforwinningorlosing", "reasonforwinloss", "winlossreason", "reasonwonlost"),
        *("reasonforwinning", "reasonforlosing"),
    ),
    "speaker": ("salesperson", "salesrep", "salesrepresentative", "accountexecutive"),
    "outcome": INTERVIEWS["outcome"],
    "date": ("decisiondate", "closedate", "closeddate", "date"),
    **_ABOUT,
}
"""What salespeople wrote down about a deal: their words, whatever the buyer said."""

_CONFIDENTIAL = {
    "analyst-contract": "internal",
    "confidential": "internal",
    "public": "anonymous",
    "none": "anonymous",
}


def mapping_of(columns: Sequence[str]) -> TableMapping | None:
    """What a header says by itself about the table below it, or None."""
    plain = {plain_header(column) for column in columns}
    if plain & set(INQUIRIES["id"]) and plain & set(INQUIRIES["text"]):
        return _mapping(SourceKind.INQUIRY, columns, INQUIRIES, values={"rights": _CONFIDENTIAL})
    if plain & set(SALES_NOTES["text"]) and plain & set(SALES_NOTES["speaker"]) and plain & set(_ABOUT["account"]):
        return _mapping(SourceKind.INTERVIEW, columns, SALES_NOTES, constants={"side": Side.VENDOR})
    if not plain & set(INTERVIEWS["id"]):
        return None
    if plain & set(INTERVIEWS["text"]):
        return _mapping(SourceKind.INTERVIEW, columns, INTERVIEWS)
    asked = tuple(column for column in columns if column.strip().endswith(("?", "？")))
    return _mapping(SourceKind.INTERVIEW, columns, INTERVIEWS, questions=asked) if asked else None


def _mapping(
    kind: SourceKind,
    columns: Sequence[str],
    aliases: Mapping[str, Sequence[str]],
    *,
    values: Mapping[str, Mapping[str, str]] | None = None,
    constants: Mapping[str, str] | None = None,
    questions: tuple[str, ...] = (),
) -> TableMapping:
    fields = fields_by_alias(columns, aliases)
    rest = tuple(column for column in left_over(columns, fields) if column not in questions)
    group_by = fields.pop("id")[0].columns[0] if kind is SourceKind.INTERVIEW and "id" in fields else None
    return TableMapping(
        kind=kind,
        fields=fields,
        constants=constants or {},
        values=values or {},
        known={},
        questions=questions,
        group_by=group_by,
        meta=rest,
    )
