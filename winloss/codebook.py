"""The codebook: roles, segments, vendor and competitors. The field is configuration, not code.

`codebook.toml` beside this module is the default (B2B cyber-security). A workspace may hold a `codebook.toml` of its
own: lists are added to the default's, entries of the same name replace it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from winloss.errors import ConfigError
from winloss.model.ids import fingerprint
from winloss.model.sources import Account
from winloss.model.terms import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A seat in the buying group. `titles` are words or phrases of job titles; the longest match decides."""

    name: str
    label: str
    mode: Mode | None
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The vendor or a competitor, with the other names people use for it."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A named rule over account attributes: every condition must hold. The first segment that matches wins."""

    name: str
    aliases: tuple[str, ...] = ()
    ownership: tuple[str, ...] = ()
    industry: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    employees_min: int | None = None
    employees_max: int | None = None

    def holds(self, account: Account) -> bool:
        """Whether the account is in this segment; an attribute the rule needs but the account lacks fails it."""
        size = account.employees
        return (
            _among(account.ownership, self.ownership)
            and _among(account.industry, self.industry)
            and _among(account.region, self.region)
            and (self.employees_min is None or (size is not None and size >= self.employees_min))
            and (self.employees_max is None or (size is not None and size <= self.employees_max))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a deal's loss may be put down to, and a theme be about. `about` says it in a sentence, for its meaning.

    `words` are words and phrases that name it; one that ends with `*` stands for any ending.
    """

    name: str
    label: str
    words: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The taxonomy of one field. `synonyms` are groups of words that search treats as one."""

    name: str
    vendor: Company | None
    competitors: tuple[Company, ...]
    roles: tuple[Role, ...]
    segments: tuple[Segment, ...]
    synonyms: tuple[tuple[str, ...], ...]
    fingerprint: str
    reasons: tuple[Reason, ...] = ()

    @property
    def companies(self) -> tuple[Company, ...]:
        """The competitors, and the vendor where there is one."""
        return (*self.competitors, *((self.vendor,) if self.vendor else ()))

    def segment_of(self, account: Account) -> str | None:
        """The segment an account is in: the one it names, else the first whose rule holds, else None."""
        if account.segment:
            return self.segment_named(account.segment) or account.segment
        return next((segment.name for segment in self.segments if segment.holds(account)), None)

    def segment_named(self, written: str) -> str | None:
        """The segment meant by a name or alias as written, or None."""
        wanted = written.strip().casefold()
        for segment in self.segments:
            if wanted in (segment.name.casefold(), *(alias.casefold() for alias in segment.aliases)):
                return segment.name
        return None

    def competitor_named(self, written: str) -> str | None:
        """The competitor meant by a name or alias as written, or None."""
        wanted = written.strip().casefold()
        for company in self.competitors:
            if wanted in (company.name.casefold(), *(alias.casefold() for alias in company.aliases)):
                return company.name
        return None

    def meant(self, field: str, written: str) -> str | None:
        """The value of a filter that another name for it stands for, or None: an alias of a segment, a role's label."""
        if field == "role":
            wanted = written.strip().casefold()
            return next((role.name for role in self.roles if role.label.casefold() == wanted), None)
        named = {"segment": self.segment_named, "competitor": self.competitor_named}.get(field)
        return named(written) if named else None

    def reason_label(self, name: str) -> str:
        """What screens call a reason for a loss."""
        return next((reason.label for reason in self.reasons if reason.name == name), name)

    def role_label(self, name: str | None) -> str:
        """What screens call a role."""
        return next((role.label for role in self.roles if role.name == name), name or "unknown role")


def suggestion(written: str, known: Iterable[str]) -> str:
    """`; did you mean 'federal'?` for what is nearly a known value or has a word that is; empty for anything else."""
    by_plain = {value.casefold(): str(value) for value in known}
    plain = written.casefold()[:100]
    near = next(filter(None, (get_close_matches(part, by_plain, n=1) for part in (plain, *plain.split()))), None)
    return f"; did you mean {by_plain[near[0]]!r}?" if near else ""


def with_vendor(codebook: Codebook, names: Sequence[str], domains: Sequence[str]) -> Codebook:
    """The codebook whose vendor goes by these names and domains too."""
    known = codebook.vendor
    if not names and not domains:
        return codebook
    everything = [*((known.name, *known.aliases) if known else ()), *names] or [domains[0]]
    bare = [domain.strip().casefold().removeprefix("@").removeprefix("www.") for domain in domains]
    company = Company(
        name=everything[0],
        aliases=tuple(dict.fromkeys(everything[1:])),
        domains=tuple(dict.fromkeys([*(known.domains if known else ()), *filter(None, bare)])),
    )
    return replace(codebook, vendor=company)


def load_codebook(overlay: Path | None = None) -> Codebook:
    """The default codebook, with the overlay's entries on top where there is one.

    Raises:
        ConfigError: a file is not valid TOML or an entry lacks what it must have; the message names the place.
    """
    default_text = files("winloss").joinpath("codebook.toml").read_text(encoding="utf-8")
    overlay_text = overlay.read_text(encoding="utf-8") if overlay is not None and overlay.exists() else ""
    data = _parse(default_text, "the default codebook")
    extra = _parse(overlay_text, str(overlay))
    try:
        return _build(data, extra, fingerprint(default_text, overlay_text))
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the codebook has a broken entry: {error}", hint="Each role, segment, competitor and reason needs a name."
        ) from error


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} is not valid TOML: {error}", hint="Mend that line and try again.") from error


def _build(data: Mapping[str, Any], extra: Mapping[str, Any], mark: str) -> Codebook:
    vendor = extra.get("vendor") or data.get("vendor")
    return Codebook(
        name=str(extra.get("name") or data.get("name") or "codebook"),
        vendor=_company(vendor) if vendor else None,
        competitors=tuple(_company(entry) for entry in _merged(data, extra, "competitors")),
        roles=tuple(_role(entry) for entry in _merged(data, extra, "roles")),
        segments=tuple(_segment(entry) for entry in _merged(data, extra, "segments")),
        synonyms=tuple(tuple(group) for group in (*data.get("synonyms", ()), *extra.get("synonyms", ()))),
        fingerprint=mark,
        reasons=tuple(_reason(entry) for entry in _merged(data, extra, "reasons")),
    )


def _merged(data: Mapping[str, Any], extra: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The overlay's entries first (its segments win), then those of the default it does not replace."""
    own = list(extra.get(key, ()))
    replaced = {entry["name"] for entry in own}
    return [*own, *(entry for entry in data.get(key, ()) if entry["name"] not in replaced)]


def _company(entry: Mapping[str, Any]) -> Company:
    return Company(name=entry["name"], aliases=tuple(entry.get("aliases", ())), domains=tuple(entry.get("domains", ())))


def _reason(entry: Mapping[str, Any]) -> Reason:
    name = entry["name"]
    words, about = tuple(entry.get("words", ())), entry.get("about", name)
    return Reason(name=name, label=entry.get("label", name), words=words, about=about)


def _role(entry: Mapping[str, Any]) -> Role:
    mode = entry.get("mode")
    return Role(
        name=entry["name"],
        label=entry.get("label", entry["name"]),
        mode=Mode(mode) if mode else None,
        titles=tuple(entry.get("titles", ())),
    )


def _segment(entry: Mapping[str, Any]) -> Segment:
    return Segment(
        name=entry["name"],
        aliases=tuple(entry.get("aliases", ())),
        ownership=tuple(entry.get("ownership", ())),
        industry=tuple(entry.get("industry", ())),
        region=tuple(entry.get("region", ())),
        employees_min=entry.get("employees_min"),
        employees_max=entry.get("employees_max"),
    )


def _among(value: str | None, allowed: tuple[str, ...]) -> bool:
    return not allowed or (value is not None and value.casefold() in {item.casefold() for item in allowed})
