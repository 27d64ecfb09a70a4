"""CRM exports that need no mapping: opportunities and accounts, told by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ingest.aliases import fields_by_alias, left_over, plain_header
from ingest.mapped import read_mapped
from ingest.remarks import Remarks
from ingest.rows import Row, headers
from ingest.sniff import probe
from ingest.table_mapping import Field, TableMapping
from winloss.errors import MalformedSource
from winloss.model import Finding, Readable, Severity
from winloss.ports import Format, Probe, ReadContext

DEALS: Mapping[str, tuple[str, ...]] = {
    "id": ("opportunityid", "dealid", "recordid", "hsobjectid", "opportunityref", "id"),
    "name": ("opportunityname", "dealname", "opportunity", "deal", "name"),
    "account": (
        *("accountname", "associatedcompany", "associatedcompanyname", "associatedcompanies", "companyname"),
        *("account", "company", "customer", "customername", "organization", "organisation"),
    ),
    "stage": ("stage", "stagename", "dealstage", "opportunitystage", "salesstage", "dealstatus", "opportunitystatus"),
    "outcome": ("outcome", "dealoutcome", "result", "wonlost", "winloss", "status"),
    "competitor": (
        *("primarycompetitor", "primarycompetitorc", "competitor", "competitorc", "maincompetitor", "maincompetitorc"),
        *("maincompetitors", "maincompetitorsc", "competitors", "losttocompetitor", "lostto", "losttoc", "incumbent"),
    ),
    "product": ("product", "productname", "productline", "productfamily"),
    "amount": ("amount", "closevalue", "dealvalue", "value", "dealamount", "acv", "arr", "tcv", "amountusd"),
    "created": ("createddate", "createdate", "datecreated", "createdon", "created", "engagedate", "opendate"),
    "closed": ("closedate", "closeddate", "dateclosed", "closedon", "closed", "actualclosedate"),
    "loss_reason": (
        *("lossreason", "lossreasonc", "lostreason", "lostreasonc", "closedlostreason", "reasonlost", "reasonlostc"),
        *("reasonforloss", "closelostreason", "closedlostreasonc"),
    ),
    "owner": ("opportunityowner", "dealowner", "owner", "ownername", "salesagent", "salesrep", "accountexecutive"),
    "type": ("type", "dealtype", "opportunitytype"),
    "is_won": ("iswon", "won", "hsisclosedwon"),
    "is_lost": ("islost", "lost", "hsisclosedlost"),
    "is_closed": ("isclosed", "hsisclosed"),
}
ACCOUNTS: Mapping[str, tuple[str, ...]] = {
    "name": ("accountname", "companyname", "account", "company", "name", "organization", "organisation", "customer"),
    "id": ("accountid", "companyid", "recordid", "hgid", "id"),
    "domain": ("domain", "companydomainname", "website", "websiteurl", "url", "accountdomain"),
    "industry": ("industry", "sector", "vertical", "accountindustry"),
    "employees": ("employees", "numberofemployees", "employeecount", "headcount", "companysize"),
    "revenue": ("annualrevenue", "revenue", "annualrevenueusd", "revenueusd", "salesrevenueusd"),
    "country": ("country", "billingcountry", "countryregion", "officelocation", "billingcountryname"),
    "region": ("region", "territory", "geo"),
    "ownership": ("ownership", "ownershiptype"),
    "security_maturity": ("securitymaturity", "maturity", "securitymaturityscore"),
    "segment": ("segment", "customersegment", "accountsegment"),
    "regulations": ("regulations", "regulation", "compliance", "frameworks"),
    "technologies": ("technologies", "technology", "techstack", "product", "webtechnologies"),
    "signals": ("signals", "behaviouralsignals", "behavioralsignals", "buyingsignals", "intentsignals"),
}
_FIRMOGRAPHICS = {field: ACCOUNTS[field] for field in ("industry", "employees", "revenue", "country", "ownership")}
_SAYS_DEAL = frozenset({*DEALS["stage"], "iswon", "hsisclosedwon"})
_NAMES_DEAL = frozenset({*DEALS["id"][:5], *DEALS["name"][:4]})
_SAYS_WORDS = frozenset(
    {
        *("quote", "verbatim", "comment", "comments", "body", "text", "question", "questionverbatim", "feedback"),
        *("answer", "response", "interviewid", "excerpt", "highlight", "respondentid", "inquiryid", "transcript"),
    }
)
_TOTAL = re.compile(r"(?i)\W*(?:grand |sub)?total")


class CrmReader:
    """Opportunities and accounts as Salesforce, HubSpot and hand-kept tables export them."""

    name = "crm"
    title = "CRM exports (Salesforce, HubSpot and similar: opportunities, accounts)"
    family = "crm"
    formats: tuple[Format, ...] = (
        Format(name="Salesforce opportunities and accounts", looks="`.csv` (API or report)", gives="deals, accounts"),
        Format(name="HubSpot deals and companies", looks="`.csv`", gives="deals, accounts"),
        Format(
            name="Account and technology lists (HG Insights-like)",
            looks="`.csv`, `.xlsx`",
            gives="accounts with technologies",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A table whose header names opportunities or accounts, and nothing that people said."""
        return any(kind_of(columns) for columns in headers(probe))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """Opportunities or accounts; footers, rows without account and unknown stages are findings.

        Raises:
            MalformedSource: not a table, or its header lacks what the kind asked for needs.
        """
        found = _header(path, context.kind)
        if found is None:
            raise MalformedSource(
                f"no row of {path.name} names the columns of {context.kind or 'opportunities or accounts'}",
                hint="Say what its columns mean in a mapping file and pass it with --map FILE.toml.",
                path=str(path),
            )
        kind, columns = found
        yield from read_mapped(path, _mapping(kind, columns), sift=_sifted)


def kind_of(columns: Sequence[str], wanted: str | None = None) -> str | None:
    """`deals` or `accounts` where a header says so; where a kind is wanted, the essential columns suffice."""
    plain = {plain_header(column) for column in columns}
    if wanted == "deals":
        return "deals" if plain & {*DEALS["id"], *DEALS["name"]} and len(plain) > 1 else None
    if wanted == "accounts":
        return "accounts" if plain & set(ACCOUNTS["name"]) else None
    if plain & _SAYS_WORDS:
        return None
    if plain & _SAYS_DEAL and plain & (_NAMES_DEAL | {"id"}) and _describes(plain, DEALS) >= 4:
        return "deals"
    if plain & set(ACCOUNTS["name"]) and _describes(plain, _FIRMOGRAPHICS) >= 2 and not plain & _NAMES_DEAL:
        return "accounts"
    return None


def _describes(plain: set[str], aliases: Mapping[str, tuple[str, ...]]) -> int:
    return sum(bool(plain & set(names)) for names in aliases.values())


def _header(path: Path, wanted: str | None) -> tuple[str, tuple[str, ...]] | None:
    asked = wanted if wanted in ("deals", "accounts") else None
    for columns in headers(probe(path)):
        if kind := kind_of(columns, asked):
            return kind, columns
    return None


def _mapping(kind: str, columns: Sequence[str]) -> TableMapping:
    """The mapping that a header amounts to; a vendor and its product are one technology."""
    fields = fields_by_alias(columns, DEALS if kind == "deals" else ACCOUNTS)
    by_plain = {plain_header(column): column for column in columns}
    if kind == "accounts" and {"vendor", "product"} <= set(by_plain):
        fields["technologies"] = (Field(template=f"{{{by_plain['vendor']}}} {{{by_plain['product']}}}"),)
    rest = left_over(columns, fields)
    return TableMapping(kind=kind, fields=fields, constants={}, values={}, known={}, meta=rest)


def _sifted(rows: Iterator[Row | Finding], remarks: Remarks) -> Iterator[Row]:
    """Rows without the footers and totals that reports end with."""
    held: list[Finding] = []
    for row in rows:
        if isinstance(row, Finding):
            held.append(row)
            continue
        filled = [str(cell) for cell in row.cells.values() if cell not in (None, "")]
        if (len(filled) <= 1 and len(row.cells) > 3) or (filled and _TOTAL.match(filled[0])):
            message = "a line of the report is not data and was left out"
            remarks.add("footer", message, where=row.where, severity=Severity.INFO)
            held = []
            continue
        for finding in held:
            remarks.take(finding)
        held = []
        yield row
