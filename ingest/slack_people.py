"""Who is who in a Slack workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ingest.json_values import object_in, text_in
from winloss.model import Participant

SLACKBOT = "USLACKBOT"
_FREE = frozenset(
    {
        *(
            "gmail.com",
            "googlemail.com",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "msn.com",
            "yahoo.com",
            "icloud.com",
        ),
        *("me.com", "aol.com", "proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "mail.com", "hey.com"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the workspace; `gone` where the account was closed."""

    name: str
    handle: str | None = None
    title: str | None = None
    email: str | None = None
    bot: bool = False
    gone: bool = False

    def participant(self) -> Participant:
        """The member as one who took part; the firm is told by the domain of the e-mail address."""
        domain = (self.email or "").rpartition("@")[2].casefold()
        firm = domain if domain and domain not in _FREE else None
        return Participant(name=self.name, title=self.title, email=self.email, affiliation=firm)


class Directory:
    """Members and channels by id."""

    def __init__(self, people: Iterable[Mapping[str, Any]]) -> None:
        found = {name: told for person in people if (name := text_in(person, "id")) and (told := member(person))}
        often = Counter(told.name.casefold() for told in found.values())
        self._members = {name: _told_apart(told, often) for name, told in found.items()}
        self._channels: dict[str, str] = {}

    def learn(self, channel: str, name: str | None) -> None:
        """Remember what a channel is called."""
        if name:
            self._channels[channel] = name

    def ids(self) -> Iterable[str]:
        """The ids of all members."""
        return self._members

    def get(self, name: str | None) -> Member | None:
        """The member with an id."""
        return self._members.get(name) if name is not None else None

    def person(self, name: str) -> str | None:
        """What a member is called."""
        told = self._members.get(name)
        return told.name if told else None

    def channel(self, name: str) -> str | None:
        """What a channel is called."""
        return self._channels.get(name)


def member(person: Mapping[str, Any]) -> Member | None:
    """A member as the lists, or a message itself (`user_profile`), describe one; None where there is no name."""
    profile = object_in(person, "profile")
    handle = text_in(person, "name")
    name = text_in(profile, "real_name") or text_in(person, "real_name")
    name = name or text_in(profile, "display_name") or text_in(person, "display_name") or handle
    if name is None:
        return None
    return Member(
        name=name,
        handle=handle,
        title=text_in(profile, "title") or text_in(person, "title"),
        email=text_in(profile, "email"),
        bot=person.get("is_bot") is True or text_in(person, "id") == SLACKBOT,
        gone=person.get("deleted") is True,
    )


def _told_apart(told: Member, often: Mapping[str, int]) -> Member:
    """Members of one name go by their handles, which are each one's own."""
    return replace(told, name=told.handle) if often[told.name.casefold()] > 1 and told.handle else told
