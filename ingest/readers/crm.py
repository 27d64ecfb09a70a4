"""CRM exports that need no mapping: opportunities and accounts, told by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from ingest.aliases import fields_by_alias, left_over, plain_header
from ingest.mapped import read_mapped
from ingest.remarks import Remarks
from ingest.rows import Row, headers
from ingest.sniff import probe
from ingest.table_mapping import Field, TableMapping
from ingest.values import parse_day
from winloss.errors import MalformedSource
from winloss.model import Account, Finding, Readable, Severity
from winloss.ports import Format, Probe, ReadContext

DEALS: Mapping[str, tuple[str, ...]] = {
    "id": ("opportunityid", "dealid", "recordid", "hsobjectid", "opportunityref", "id"),
    "name": ("opportunityname", "dealname", "dealtitle", "opportunity", "deal", "name"),
    "account_id": ("accountid",),
    "account": (
        *("accountname", "associatedcompany", "associatedcompanyname", "associatedcompanies", "companyname"),
        *("account", "company", "customer", "customername", "organization", "organisation"),
        *("organizationname", "organisationname", "dealorganization", "dealorganisation"),
    ),
    "stage": ("stage", "stagename", "dealstage", "opportunitystage", "salesstage", "opportunitystatus"),
    "outcome": ("outcome", "dealoutcome", "result", "wonlost", "winloss", "dealstatus", "status"),
    "competitor": (
        *("primarycompetitor", "primarycompetitorc", "competitor", "competitorc", "maincompetitor", "maincompetitorc"),
        *("maincompetitors", "maincompetitorsc", "competitors", "losttocompetitor", "lostto", "losttoc", "incumbent"),
    ),
    "product": ("product", "productname", "productline", "productfamily"),
    "amount": (
        "amount",
        "closevalue",
        "dealvalue",
        "dealvaluein",
        "value",
        "dealamount",
        "acv",
        "arr",
        "tcv",
        "amountusd",
    ),
    "created": (
        *("createddate", "createdate", "datecreated", "createdon", "created", "engagedate", "opendate"),
        *("dealdealcreated", "dealcreated", "dealaddtime", "addtime"),
    ),
    "closed": (
        *("closedate", "closeddate", "dateclosed", "closedon", "closed", "actualclosedate"),
        *("dealdealclosedon", "dealclosetime", "dealwontime", "deallosttime", "dealexpectedclosedate"),
    ),
    "loss_reason": (
        *("lossreason", "lossreasonc", "lostreason", "lostreasonc", "closedlostreason", "reasonlost", "reasonlostc"),
        *("reasonforloss", "closelostreason", "closedlostreasonc", "deallostreason"),
    ),
    "owner": (
        "opportunityowner",
        "dealowner",
        "owner",
        "hubspotownerid",
        "ownername",
        "salesagent",
        "salesrep",
        "accountexecutive",
    ),
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
_SAYS_DEAL = frozenset({*DEALS["stage"], "dealstatus", "iswon", "hsisclosedwon"})
_NAMES_DEAL = frozenset({*DEALS["id"][:5], *DEALS["name"][:4]})
_SAYS_WORDS = frozenset(
    {
        *("quote", "verbatim", "comment", "comments", "body", "text", "question", "questionverbatim", "feedback"),
        *("answer", "response", "interviewid", "excerpt", "highlight", "respondentid", "inquiryid", "transcript"),
    }
)
_ASIDE = {
    frozenset({"opportunityid", "contactid", "role"}): "who took part in opportunities and in which role",
    frozenset({"opportunityid", "stagename", "createdbyid"}): "how opportunities went from stage to stage",
}
"""Tables of a CRM that say nothing of accounts and opportunities themselves."""

_VERIFIED = ("lastverified", "lastfound", "lastseen", "lastdetected")
_STALE = timedelta(days=180)
_TOTAL = re.compile(r"(?i)\W*(?:grand |sub)?total")


class CrmReader:
    """Opportunities and accounts as Salesforce, HubSpot and hand-kept tables export them."""

    name = "crm"
    title = "CRM exports (Salesforce, HubSpot and similar: opportunities, accounts)"
    family = "crm"
    formats: tuple[Format, ...] = (
        Format(name="Salesforce opportunities and accounts", looks="`.csv` (API or report)", gives="deals, accounts"),
        Format(name="HubSpot deals and companies (labels or internal names)", looks="`.csv`", gives="deals, accounts"),
        Format(name="Pipedrive deals", looks="`.csv`, `.xlsx`", gives="deals"),
        Format(
            name="Account and technology lists (BuiltWith-, HG Insights-, Enlyft-like)",
            looks="`.csv`, `.xlsx`",
            gives="accounts with technologies",
        ),
    )

    def identify(self, probe: Probe) -> bool:
        """A table whose header names opportunities or accounts, and nothing that people said."""
        return any(kind_of(columns) or _aside(columns) for columns in headers(probe))

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """Opportunities or accounts; footers, rows without account and unknown stages are findings.

        Raises:
            MalformedSource: not a table, or its header lacks what the kind asked for needs.
        """
        if told := next(filter(None, map(_aside, headers(probe(path)))), None):
            message = f"a table of {told}: nothing of it is used yet; export opportunities and accounts too"
            yield Finding(code="crm-aside", message=message, where=path.name)
            return
        found = _header(path, context.kind)
        if found is None:
            raise MalformedSource(
                f"no row of {path.name} names the columns of {context.kind or 'opportunities or accounts'}",
                hint=f"Say what its columns mean, once: winloss ingest {path.name} --map",
                path=str(path),
            )
        kind, columns = found
        yield from _with_age(read_mapped(path, _mapping(kind, columns), sift=_sifted))


def kind_of(columns: Sequence[str], wanted: str | None = None) -> str | None:
    """`deals` or `accounts` where a header says so; where a kind is wanted, the essential columns suffice."""
    plain = {plain_header(column) for column in columns}
    if wanted == "deals":
        return "deals" if plain & {*DEALS["id"], *DEALS["name"]} and len(plain) > 1 else None
    if wanted == "accounts":
        return "accounts" if plain & set(ACCOUNTS["name"]) else None
    if plain & _SAYS_WORDS:
        return None
    told = plain & _SAYS_DEAL and plain & (_NAMES_DEAL | {"id"})
    kept = plain & set(DEALS["outcome"]) and plain & set(DEALS["closed"]) and plain & _NAMES_DEAL
    if (told or kept) and _describes(plain, DEALS) >= 4:
        return "deals"
    if plain & set(ACCOUNTS["name"]) and _describes(plain, _FIRMOGRAPHICS) >= 2 and not plain & _NAMES_DEAL:
        return "accounts"
    return None


def _aside(columns: Sequence[str]) -> str | None:
    plain = {plain_header(column) for column in columns}
    named = plain & {"name", "opportunityname", "amount"}
    return None if named else next((what for names, what in _ASIDE.items() if names <= plain), None)


def _with_age(things: Iterable[Readable]) -> Iterator[Readable]:
    """The same things, with a remark where technologies were last seen long before the newest of them."""
    seen: list[date] = []
    for thing in things:
        if isinstance(thing, Account):
            days = (parse_day(value) for name, value in thing.meta.items() if plain_header(name) in _VERIFIED)
            seen += [day for day in days if day]
        yield thing
    old = sum(day < max(seen) - _STALE for day in seen)
    if old:
        message = (
            f"accounts whose technologies were last seen more than {_STALE.days} days before the newest: weak evidence"
        )
        yield Finding(code="old-technology", message=message, count=old)


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
