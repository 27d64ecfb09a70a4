"""How many people of the workspace an attribution may mean: what tells too few of them apart is left out.

After k-anonymity (L. Sweeney, "k-anonymity: a model for protecting privacy", 2002): a combination of attributes that
fewer than k people share points at a person though it names nobody. Here k is 3, and the people are those heard in
this workspace. It promises that segment, role, region and account as printed fit at least 3 of them, or are left out.
It promises nothing against whoever knows more than that: the words themselves, the day, the source and the outcome are
printed as they are, and who was interviewed may be known. People of whom an attribute is unknown do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winloss.codebook import Codebook
from winloss.model import Passage
from winloss.ports import Workbench
from winloss.services.library import of_sources

FEWEST = 3
ATTRIBUTES = ("segment", "role", "region", "account")
"""What an attribution can tell of a person; the last is left out first."""
_Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A combination of attributes and how many people of the workspace it fits."""

    shown: Mapping[str, str]
    people: int

    @property
    def few(self) -> bool:
        """Whether it points at a person."""
        return self.people < FEWEST


class Crowds:
    """Everybody heard in a workspace, by what an attribution can tell of them."""

    def __init__(self, people: Mapping[_Key, frozenset[str]], regions: Mapping[str, str]) -> None:
        """`people` are the ids of those with exactly these attributes; `regions` those of accounts, in lower case."""
        self._people = people
        self._regions = regions
        self._known: dict[_Key, int] = {}

    @property
    def everybody(self) -> frozenset[str]:
        """The ids of all of them."""
        return frozenset().union(*self._people.values())

    def told_of(self, passage: Passage) -> dict[str, str | None]:
        """What an attribution could tell of whoever said this."""
        region = passage.region or self._regions.get((passage.account or "").casefold())
        return {"segment": passage.segment, "role": passage.role, "region": region, "account": passage.account}

    def of(self, values: Mapping[str, str | None]) -> Crowd:
        """How many people have all of the attributes that are told."""
        key = tuple(values.get(name) for name in ATTRIBUTES)
        if key not in self._known:
            fitting = [people for has, people in self._people.items() if _fits(key, has)]
            self._known[key] = len(frozenset().union(*fitting))
        shown = {name: value for name, value in zip(ATTRIBUTES, key, strict=True) if value}
        return Crowd(shown=shown, people=self._known[key])

    def coarsened(self, values: Mapping[str, str | None]) -> dict[str, str | None]:
        """The attributes that may be told together: account, region, role and segment go until the rest fits enough."""
        left = {name: values.get(name) for name in ATTRIBUTES}
        for name in reversed(ATTRIBUTES):
            if not any(left.values()) or not self.of(left).few:
                break
            left[name] = None
        return left

    def small(self) -> list[Crowd]:
        """Every combination of segment, role and region heard that fits fewer than 3 people, the smallest first."""
        heard = {has[:3] for has in self._people}
        crowds = [self.of(dict(zip(ATTRIBUTES, key, strict=False))) for key in heard if any(key)]
        return sorted((one for one in crowds if one.few), key=lambda one: (one.people, sorted(one.shown.items())))


def crowds(bench: Workbench) -> Crowds:
    """Every buyer heard in the workspace now; counted anew only where the store has changed."""
    return of_sources(bench, "crowds", lambda: _crowds(bench))


def _crowds(bench: Workbench) -> Crowds:
    regions = {item.name.casefold(): item.region for item in bench.store.accounts() if item.region}
    people: dict[_Key, set[str]] = {}
    for respondent, segment, role, account in bench.store.population():
        key = (segment, role, regions.get((account or "").casefold()), account)
        people.setdefault(key, set()).add(respondent)
    return Crowds({key: frozenset(names) for key, names in people.items()}, regions)


def in_words(shown: Mapping[str, str], codebook: Codebook) -> list[str]:
    """What a combination tells, in the words of screens."""
    told = dict(shown)
    if "role" in told:
        told["role"] = codebook.role_label(told["role"])
    if "region" in told:
        told["region"] = f"region {told['region']}"
    return list(told.values())


def _fits(wanted: _Key, has: _Key) -> bool:
    return all(value is None or value == other for value, other in zip(wanted, has, strict=True))
