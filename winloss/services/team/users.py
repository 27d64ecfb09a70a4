"""Users of a workspace that several people share: who there is, what each may do, and the tokens of their scripts."""

from __future__ import annotations

from dataclasses import replace

from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import Access, Token, User, name_key, stable_id
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.research.coding import as_known
from winloss.services.team import passwords

LONGEST_PURPOSE = 100


def add(bench: Workbench, name: str, access: Access, password: str) -> User:
    """Add a user. Names are told apart as coders' are: case and spaces do not count.

    Raises:
        Conflict: there is a user of that name.
        QueryError: it is no name, or the password is too short.
    """
    shown = as_known(bench, name)
    user = User(
        key=name_key(shown),
        name=shown,
        access=access,
        password=passwords.hashed(password),
        made_at=bench.clock.now(),
    )
    with bench.store.aside() as unit:
        if bench.store.user(user.key):
            raise Conflict(f"there is a user called {shown}", hint="Take another name, or set that user's password.")
        unit.put_user(user)
        unit.put_entries([journal.entry(bench, journal.ADDED, f"{shown}, {access}")])
    return user


def find(bench: Workbench, name: str) -> User:
    """The user of this name.

    Raises:
        NotFound: there is none.
    """
    user = bench.store.user(name_key(name))
    if user is None:
        known = ", ".join(item.name for item in bench.store.users())
        raise NotFound(f"no user {name!r}", hint=f"Known: {known}." if known else "Add one: winloss users add NAME.")
    return user


def set_access(bench: Workbench, name: str, access: Access) -> User:
    """Say what a user may do; holds from their next request on.

    Raises:
        NotFound: there is no such user.
        Conflict: nobody would be left who may change users.
    """
    user = find(bench, name)
    if access is not Access.ADMIN:
        _refuse_losing_the_last_admin(bench, user)
    changed = replace(user, access=access)
    with bench.store.aside() as unit:
        unit.put_user(changed)
        unit.put_entries([journal.entry(bench, journal.CHANGED_ACCESS, f"{user.name}: {user.access} to {access}")])
    return changed


def set_password(bench: Workbench, name: str, password: str) -> None:
    """Give a user another password; wherever they are signed in they have to sign in again.

    Raises:
        NotFound: there is no such user.
        QueryError: the password is too short.
    """
    user = find(bench, name)
    changed = replace(user, password=passwords.hashed(password))
    with bench.store.aside() as unit:
        unit.put_user(changed)
        unit.drop_sign_ins(user.key)
        unit.put_entries([journal.entry(bench, journal.CHANGED_PASSWORD, user.name)])


def remove(bench: Workbench, name: str) -> None:
    """Remove a user, with their sign-ins and tokens; what they coded and decided stays.

    Raises:
        NotFound: there is no such user.
        Conflict: nobody would be left who may change users.
    """
    user = find(bench, name)
    _refuse_losing_the_last_admin(bench, user)
    with bench.store.aside() as unit:
        unit.drop_user(user.key)
        unit.put_entries([journal.entry(bench, journal.REMOVED, user.name)])


def make_token(bench: Workbench, name: str, access: Access, purpose: str) -> tuple[Token, str]:
    """A token for a script of this user, and what the script has to show, which is not kept.

    It allows what it says, as long as the user is allowed that too.

    Raises:
        NotFound: there is no such user.
        QueryError: the purpose is not told, or the user is not allowed as much.
    """
    user, purpose = find(bench, name), " ".join(purpose.split())
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise QueryError("a token needs a purpose", hint=f"In at most {LONGEST_PURPOSE} characters: nightly export.")
    if not user.access.allows(access):
        raise QueryError(f"{user.name} is a {user.access}", hint=f"Ask for a token of at most {user.access}.")
    shown = f"winloss_{passwords.secret()}"
    mark = passwords.mark(shown)
    token = Token(
        id=stable_id("k", mark), mark=mark, user=user.key, access=access, purpose=purpose, made_at=bench.clock.now()
    )
    with bench.store.aside() as unit:
        unit.put_token(token)
        unit.put_entries([journal.entry(bench, journal.MADE_TOKEN, f"for {user.name}, {access}: {purpose}")])
    return token, shown


def revoke_token(bench: Workbench, token_id: str, *, of: str | None = None) -> None:
    """Have a token no longer open anything; `of` is the only user whose token it may be.

    Raises:
        NotFound: there is no such token.
    """
    token = next((item for item in bench.store.tokens() if item.id == token_id and of in (None, item.user)), None)
    if token is None:
        raise NotFound(f"no token {token_id!r}", hint="`winloss users tokens` lists them.")
    with bench.store.aside() as unit:
        unit.drop_token(token.id)
        unit.put_entries([journal.entry(bench, journal.REVOKED_TOKEN, f"of {token.user}: {token.purpose}")])


def end_everything(bench: Workbench) -> None:
    """End every sign-in and revoke every token, as after a backup was restored that still knew old ones."""
    with bench.store.aside() as unit:
        for user in bench.store.users():
            unit.drop_sign_ins(user.key)
        for token in bench.store.tokens():
            unit.drop_token(token.id)


def access_of(name: str) -> Access:
    """What is meant by the name of a role.

    Raises:
        QueryError: there is no such role.
    """
    if name not in set(Access):
        raise QueryError(f"no role {name!r}", hint=f"Known: {', '.join(Access)}.")
    return Access(name)


def _refuse_losing_the_last_admin(bench: Workbench, user: User) -> None:
    others = [item for item in bench.store.users() if item.key != user.key]
    if user.access is Access.ADMIN and others and not any(item.access is Access.ADMIN for item in others):
        raise Conflict(f"{user.name} is the only admin", hint="Make somebody else an admin first.")
