"""Signing in: by name and password, kept by a browser's cookie; and by a token that a script shows.

What limits guessing must not shut others out. Attempts are counted per name and address, per address and per name; yet
a browser that has signed in under a name before is counted by itself alone, so that nobody can hold up its owner by
guessing from elsewhere (the "device cookies" of the OWASP foundation). Counts live in the store and survive restarts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from winloss.errors import NotSignedIn, TooManyAttempts
from winloss.model import Access, SignIn, User, name_key
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.team import passwords

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
"""A sign-in ends when unused for so long, and in any case after so long."""

KNOWN = timedelta(days=90)
WINDOW = timedelta(minutes=15)
PAIR, ADDRESS, NAME, BROWSER = 5, 30, 50, 10
"""So many failed attempts within the window: by name and address, address, name; by a known browser."""

_NOTED_EVERY = timedelta(minutes=1)
_WRONG = "this name and this password do not belong together"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whoever asks: a user, and what they may do here and now. `mark` is of their sign-in, None with a token."""

    key: str
    name: str
    access: Access
    mark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A new sign-in: the user, and what the browser has to hold for it, and to be known again later."""

    user: User
    held: str
    browser: str


def sign_in(bench: Workbench, name: str, password: str, *, address: str, browser: str = "") -> Opened:
    """Sign in; `browser` is what this browser holds from an earlier time.

    Raises:
        NotSignedIn: there is no such user, or it is another password: the same words in the same time.
        TooManyAttempts: too many failed before.
    """
    key = name_key(name)
    limits = _limits(bench, key, address, browser)
    now = bench.clock.now()
    with bench.store.aside() as unit:
        held_up = unit.count_attempt(limits, now, since=_before(now, WINDOW))
    user = bench.store.user(key)
    if held_up:
        _note_once(bench, held_up, user)
        raise TooManyAttempts("too many attempts to sign in", hint="Wait a quarter of an hour, then try again.")
    if not passwords.verified(user.password if user else None, password) or user is None:
        journal.note(bench, journal.FAILED, user.name if user else "an unknown name")
        raise NotSignedIn(_WRONG, hint="Try again, or ask an admin of this workspace.")
    return _opened(bench, user, password, limits)


def signed_in(bench: Workbench, held: str) -> Person | None:
    """Who holds this, if it still counts: not idle for too long, not too old, its user still there."""
    mark = passwords.mark(held)
    found = bench.store.sign_in(mark)
    if found is None:
        return None
    now = bench.clock.now()
    if found.seen_at < _before(now, IDLE) or found.made_at < _before(now, LONGEST):
        return None
    user = bench.store.user(found.user)
    if user is None:
        return None
    if found.seen_at < _before(now, _NOTED_EVERY):
        bench.store.touch_sign_in(mark, now)
    return Person(key=user.key, name=user.name, access=user.access, mark=mark)


def by_token(bench: Workbench, shown: str) -> Person | None:
    """Whose token this is; it allows no more than its user is allowed."""
    token = bench.store.token(passwords.mark(shown))
    user = bench.store.user(token.user) if token else None
    if token is None or user is None:
        return None
    access = token.access if user.access.allows(token.access) else user.access
    return Person(key=user.key, name=user.name, access=access)


def sign_out(bench: Workbench, person: Person) -> None:
    """End this sign-in."""
    with bench.store.aside() as unit:
        if person.mark:
            unit.drop_sign_in(person.mark)
        unit.put_entries([journal.entry(bench, journal.SIGNED_OUT, by=person.name)])


def confirm(bench: Workbench, person: Person, password: str, *, address: str) -> None:
    """Make sure that it is really this person, before something that outlasts their sign-in.

    Raises:
        NotSignedIn: it is another password.
        TooManyAttempts: too many failed before.
    """
    scope, now = passwords.mark(f"confirm\n{person.key}\n{address}"), bench.clock.now()
    with bench.store.aside() as unit:
        held_up = unit.count_attempt({scope: PAIR}, now, since=_before(now, WINDOW))
    if held_up:
        raise TooManyAttempts("too many attempts", hint="Wait a quarter of an hour, then try again.")
    user = bench.store.user(person.key)
    if not passwords.verified(user.password if user else None, password):
        raise NotSignedIn("this is not your password", hint="Go back and try again.")
    with bench.store.aside() as unit:
        unit.forget_attempt([scope])


def _limits(bench: Workbench, key: str, address: str, browser: str) -> Mapping[str, int]:
    mark = passwords.mark(browser)
    if browser and bench.store.known_browser(mark) == key:
        return {passwords.mark(f"browser\n{mark}"): BROWSER}
    return {
        passwords.mark(f"pair\n{key}\n{address}"): PAIR,
        passwords.mark(f"address\n{address}"): ADDRESS,
        passwords.mark(f"name\n{key}"): NAME,
    }


def _opened(bench: Workbench, user: User, password: str, limits: Mapping[str, int]) -> Opened:
    now = bench.clock.now()
    opened = Opened(user=user, held=passwords.secret(), browser=passwords.secret())
    fresh = replace(user, password=passwords.hashed(password)) if passwords.is_outdated(user.password) else None
    with bench.store.aside() as unit:
        if fresh:
            unit.put_user(fresh)
        unit.forget_attempt(limits)
        sign_in = SignIn(mark=passwords.mark(opened.held), user=user.key, made_at=now, seen_at=now)
        unit.put_sign_in(sign_in, ended=_before(now, LONGEST))
        unit.put_known_browser(passwords.mark(opened.browser), user.key, now, ended=_before(now, KNOWN))
        unit.put_entries([journal.entry(bench, journal.SIGNED_IN, by=user.name)])
    return opened


def _note_once(bench: Workbench, held_up: str, user: User | None) -> None:
    """Write that somebody was held up once a window: what strangers do again and again must not fill the journal."""
    now = bench.clock.now()
    with bench.store.aside() as unit:
        if unit.count_attempt({passwords.mark(f"noted\n{held_up}"): 1}, now, since=_before(now, WINDOW)) is None:
            about = user.name if user else "an unknown name"
            unit.put_entries([journal.entry(bench, journal.HELD_UP, about)])


def _before(now: str, span: timedelta) -> str:
    """The moment so long before `now`, written alike, so that texts compare as moments do."""
    return (datetime.fromisoformat(now) - span).strftime("%Y-%m-%dT%H:%M:%SZ")
