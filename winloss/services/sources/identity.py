"""People across documents: which account their addresses are of, and who is one person in several documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from nlp.text.addresses import company_domain, domain_of, is_within
from nlp.text.names import is_label, share_a_part
from winloss.codebook import Codebook
from winloss.model import Account, Document, Filters, Participant, SourceKind
from winloss.ports import Workbench
from winloss.services.quote_rights import pseudonyms
from winloss.services.sources.correcting import same_name
from winloss.services.sources.reading_in import respondent_of


def account_of_people(accounts: Iterable[Account], codebook: Codebook) -> Callable[[Sequence[Participant]], str | None]:
    """Tells the one account whose domain the addresses of people are of; None where it is none, or several.

    Addresses that everybody can have tell nothing, nor do the vendor's own.
    """
    own = codebook.vendor.domains if codebook.vendor else ()
    known = {_bare(account.domain): account.name for account in accounts if account.domain}
    known.pop("", None)

    def of_people(people: Sequence[Participant]) -> str | None:
        domains = {company_domain(person.email) for person in people} - {None}
        theirs = [domain for domain in domains if domain and not any(is_within(domain, vendor) for vendor in own)]
        names = {known[parent] for domain in theirs for parent in _parents(domain) if parent in known}
        return names.pop() if len(names) == 1 else None

    return of_people


def link(bench: Workbench) -> int:
    """Give everybody who is known to be one person in several interviews one id; returns how many turns that changed.

    One person: the same name in the same account, or the same e-mail address under names that have a part in common.
    The order in which documents came in does not matter. Whoever is new gets a pseudonym.
    """
    documents = {item.id: item for item in bench.store.documents(Filters(source=(SourceKind.INTERVIEW.value,)))}
    here = [item for item in bench.store.speakers(kind=SourceKind.INTERVIEW) if item.document_id in documents]
    spoken = [(documents[item.document_id], item.speaker.name, item.speaker) for item in here if item.speaker.name]
    groups = _grouped([(document, name) for document, name, _ in spoken], bench.store.reachable_people())
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for document, name, speaker in spoken:
        person = groups.name_of(own_id(document, name))
        if person != speaker.respondent:
            wanted[document.id][name] = person
    changed = 0
    if wanted:
        with bench.store.transaction() as transaction:
            changed = sum(transaction.put_respondents(name, people) for name, people in sorted(wanted.items()))
    pseudonyms.give_all(bench)
    return changed


def _grouped(spoken: Sequence[tuple[Document, str]], participants: Mapping[str, Sequence[Participant]]) -> _Groups:
    """Who of those who speak is one person; labels are nobody's names."""
    groups = _Groups()
    by_email: dict[str, dict[str, str]] = defaultdict(dict)
    for document, name in spoken:
        if is_label(name):
            continue
        own = own_id(document, name)
        if document.account:
            groups.join(own, f"{document.account.casefold()}\n{same_name(name)}")
        if email := _email(name, participants.get(document.id, ())):
            groups.join(own, by_email[email].setdefault(name, own))
    for people in by_email.values():
        for name, called in combinations(people, 2):
            if share_a_part(name, called):
                groups.join(people[name], people[called])
    return groups


class _Groups:
    """What belongs together, joined pair by pair; a group goes by the smallest id of a person in it."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Let two groups be one."""
        top, below = sorted((self._top(one), self._top(other)), key=_people_first)
        if top != below:
            self._above[below] = top

    def name_of(self, one: str) -> str:
        """The id of the person."""
        return self._top(one)

    def _top(self, one: str) -> str:
        while (above := self._above.get(one)) is not None:
            one = above
        return one


def _people_first(name: str) -> tuple[bool, str]:
    """Names of an account's people only join; they are never what a person is called."""
    return "\n" in name, name


def own_id(document: Document, name: str) -> str:
    account = document.stated["account"]
    return respondent_of(name, kind=document.kind, account=account, external_id=document.external_id)


def _email(name: str, participants: Sequence[Participant]) -> str | None:
    """The address of somebody by the name under which they speak; none where several people have that name."""
    found = {
        person.email.strip().casefold()
        for person in participants
        if person.email and domain_of(person.email) and same_name(person.name) == same_name(name)
    }
    return found.pop() if len(found) == 1 else None


def _bare(domain: str) -> str:
    """A domain as a CRM may write it (`https://www.mill.example/`), plain."""
    rest = domain.strip().casefold().partition("//")[2] or domain.strip().casefold()
    return rest.partition("/")[0].removeprefix("www.")


def _parents(domain: str) -> list[str]:
    """A domain and those above it, without the last part alone."""
    parts = domain.split(".")
    return [".".join(parts[place:]) for place in range(len(parts) - 1)]
