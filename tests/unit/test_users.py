"""Users: who may sign in, how guessing is limited without shutting others out, when a sign-in ends, the journal."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from winloss.errors import Conflict, NotFound, NotSignedIn, QueryError, TooManyAttempts
from winloss.model import Access
from winloss.services import doing, journal
from winloss.services.erasure import forgetting
from winloss.services.research import collecting, quoting
from winloss.services.sources import intake
from winloss.services.team import passwords, signing_in, users

RIGHT, WRONG = "correct horse battery", "wrong horse battery"


class MovingClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.minutes = 0

    def now(self) -> str:
        return f"2026-07-{1 + self.minutes // 1440:02}T{self.minutes // 60 % 24:02}:{self.minutes % 60:02}:00Z"


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """Hashes that take no time, but where it is about them."""
    if "argon2" not in request.node.name and "takes_as_long" not in request.node.name:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        nobodys = cheap.hash("nobody has this one")
        monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
        monkeypatch.setattr(passwords, "_nobody", lambda: nobodys)


@pytest.fixture
def clock():
    return MovingClock()


@pytest.fixture
def shared(bench, clock):
    """A workspace with an admin called Dana."""
    opened = replace(bench, clock=clock)
    users.add(opened, "Dana", Access.ADMIN, RIGHT)
    return opened


def enter(bench, name="Dana", password=RIGHT, address="198.51.100.7", browser=""):
    return signing_in.sign_in(bench, name, password, address=address, browser=browser)


def test_what_is_kept_of_a_password_is_a_salted_argon2_hash():
    one, other = passwords.hashed(RIGHT), passwords.hashed(RIGHT)
    assert one != other
    assert one.startswith("$argon2id$")
    assert passwords.verified(one, RIGHT)
    assert not passwords.verified(one, WRONG)


def test_a_letter_typed_in_two_ways_is_the_same_letter():
    assert passwords.verified(passwords.hashed("crème brûlée!"), "cre\u0300me bru\u0302le\u0301e!")


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025])
def test_only_the_length_of_a_password_counts(shared, password):
    with pytest.raises(QueryError, match="a password has at"):
        users.add(shared, "Tom", Access.VIEWER, password)
    assert [user.name for user in shared.store.users()] == ["Dana"]
    users.add(shared, "Tom", Access.VIEWER, "aaaaaaaaaaaa")


def test_no_password_or_token_is_in_the_database(shared):
    _, token = users.make_token(shared, "Dana", Access.VIEWER, "nightly")
    opened = enter(shared)
    stored = b"".join(path.read_bytes() for path in shared.root.glob("store.sqlite*"))
    for secret in (RIGHT, token, opened.held, opened.browser):
        assert secret.encode() not in stored
    assert b"Dana" in stored


def test_names_are_told_apart_without_case_and_spaces(shared):
    with pytest.raises(Conflict):
        users.add(shared, " dana ", Access.VIEWER, RIGHT)
    assert enter(shared, "DANA").user.name == "Dana"


def test_the_last_admin_stays_while_there_are_others(shared):
    users.add(shared, "Tom", Access.VIEWER, RIGHT)
    for lose in (lambda: users.remove(shared, "Dana"), lambda: users.set_access(shared, "Dana", Access.VIEWER)):
        with pytest.raises(Conflict, match="only admin"):
            lose()
    users.set_access(shared, "Tom", Access.ADMIN)
    users.remove(shared, "Dana")
    users.remove(shared, "Tom")
    assert not shared.store.has_users()


# --- signing in ------------------------------------------------------------------------------------------------------


def test_a_wrong_name_and_a_wrong_password_are_told_alike(shared):
    told = set()
    for name, password in (("Dana", WRONG), ("Nobody", RIGHT)):
        with pytest.raises(NotSignedIn) as caught:
            enter(shared, name, password)
        told.add((caught.value.message, caught.value.hint, caught.value.http_status))
    assert len(told) == 1


def test_a_wrong_name_takes_as_long_as_a_wrong_password(shared):
    def taken(name: str, address: str) -> float:
        start = time.thread_time()
        with pytest.raises(NotSignedIn):
            enter(shared, name, WRONG, address)
        return time.thread_time() - start

    taken("Nobody", "warm")
    known = min(taken("Dana", f"a{n}") for n in range(3))
    unknown = min(taken("Nobody", f"b{n}") for n in range(3))
    assert 0.5 < known / unknown < 2


def test_guessing_is_stopped_for_whoever_guesses_and_for_nobody_else(shared):
    for _ in range(signing_in.PAIR):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG)
    with pytest.raises(TooManyAttempts):
        enter(shared)
    assert enter(shared, address="203.0.113.1").user.name == "Dana"


def test_a_browser_that_is_known_is_not_held_up_by_guessing_from_its_own_address(shared):
    known = enter(shared).browser
    for _ in range(signing_in.PAIR):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG)
    with pytest.raises(TooManyAttempts):
        enter(shared)
    assert enter(shared, browser=known).user.name == "Dana"


def test_a_known_browser_may_guess_no_more_often_than_it_must(shared):
    known = enter(shared).browser
    for _ in range(signing_in.BROWSER):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG, browser=known)
    with pytest.raises(TooManyAttempts):
        enter(shared, browser=known)


def test_a_browser_is_known_for_one_user_only(shared):
    users.add(shared, "Tom", Access.VIEWER, RIGHT)
    toms = enter(shared, "Tom").browser
    for _ in range(signing_in.PAIR):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG, browser=toms)
    with pytest.raises(TooManyAttempts):
        enter(shared, browser=toms)


def test_many_names_from_one_address_are_stopped_and_succeeding_in_between_does_not_help(shared, monkeypatch):
    monkeypatch.setattr(signing_in, "ADDRESS", 6)
    for number in range(6):
        with pytest.raises(NotSignedIn):
            enter(shared, f"Nobody {number}", WRONG)
        if number < 5:
            enter(shared)
    with pytest.raises(TooManyAttempts):
        enter(shared, "Somebody else")


def test_attempts_are_remembered_by_the_store_and_forgotten_after_a_while(shared, clock):
    for _ in range(signing_in.PAIR):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG)
    again = replace(shared, memo={})
    with pytest.raises(TooManyAttempts):
        enter(again)
    clock.minutes += 16
    assert enter(again).user.name == "Dana"


def test_a_sign_in_ends_when_idle_and_in_any_case_after_a_while(shared, clock):
    opened = enter(shared)
    for _ in range(6):
        clock.minutes += 119
        assert signing_in.signed_in(shared, opened.held).name == "Dana"
    clock.minutes += 10
    assert signing_in.signed_in(shared, opened.held) is None
    other = enter(shared)
    clock.minutes += 121
    assert signing_in.signed_in(shared, other.held) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda bench, person: signing_in.sign_out(bench, person),
        lambda bench, person: users.set_password(bench, "Dana", "another horse battery"),
        lambda bench, person: users.remove(bench, "Dana"),
        lambda bench, person: users.end_everything(bench),
    ],
)
def test_a_sign_in_is_over_once_it_is_ended(shared, end):
    held = enter(shared).held
    end(shared, signing_in.signed_in(shared, held))
    assert signing_in.signed_in(shared, held) is None


def test_what_nobody_was_given_opens_nothing(shared):
    assert signing_in.signed_in(shared, "") is None
    assert signing_in.signed_in(shared, "x" * 43) is None
    assert signing_in.by_token(shared, "") is None


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_allows_what_it_says_as_long_as_its_user_is_allowed_that(shared):
    users.add(shared, "Tom", Access.RESEARCHER, RIGHT)
    token, shown = users.make_token(shared, "Tom", Access.RESEARCHER, "nightly export")
    _, less = users.make_token(shared, "Tom", Access.VIEWER, "dashboard")
    assert signing_in.by_token(shared, shown).access is Access.RESEARCHER
    assert signing_in.by_token(shared, less).access is Access.VIEWER
    users.set_access(shared, "Tom", Access.VIEWER)
    assert signing_in.by_token(shared, shown).access is Access.VIEWER
    users.revoke_token(shared, token.id)
    assert signing_in.by_token(shared, shown) is None
    users.remove(shared, "Tom")
    assert signing_in.by_token(shared, less) is None


def test_nobody_gets_a_token_for_more_than_they_may_do(shared):
    users.add(shared, "Tom", Access.VIEWER, RIGHT)
    with pytest.raises(QueryError, match="viewer"):
        users.make_token(shared, "Tom", Access.ADMIN, "mischief")


def test_nobody_revokes_somebody_elses_token_as_their_own(shared):
    token, shown = users.make_token(shared, "Dana", Access.VIEWER, "dashboard")
    with pytest.raises(NotFound):
        users.revoke_token(shared, token.id, of="tom")
    assert signing_in.by_token(shared, shown)


# --- the journal -----------------------------------------------------------------------------------------------------


def test_the_journal_tells_who_came_and_who_did_not_get_in(shared):
    with journal.acting(None, "198.51.100.7"):
        with pytest.raises(NotSignedIn):
            enter(shared, "my secret password typed as a name", WRONG)
        enter(shared)
    newest, failed, added = journal.entries(shared)
    assert (newest.who, newest.what, newest.address) == ("Dana", journal.SIGNED_IN, "198.51.100.7")
    assert (failed.what, failed.about) == (journal.FAILED, "an unknown name")
    assert (added.what, added.address) == (journal.ADDED, journal.COMMAND_LINE)


def test_being_held_up_again_and_again_is_told_once(shared):
    for _ in range(signing_in.PAIR):
        with pytest.raises(NotSignedIn):
            enter(shared, password=WRONG)
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            enter(shared)
    told = [item.what for item in journal.entries(shared)]
    assert told.count(journal.HELD_UP) == 1


def test_entries_are_read_page_by_page(shared):
    for number in range(5):
        journal.note(shared, journal.HANDED_OUT, f"deck {number}")
    first = journal.entries(shared, limit=3)
    rest = journal.entries(shared, before=first[-1].id)
    told = [item.about for item in (*first, *rest)]
    assert told == [*(f"deck {number}" for number in (4, 3, 2, 1, 0)), "Dana, admin"]


def test_forgetting_somebody_takes_their_name_out_of_the_journal(shared, tmp_path):
    rows = (
        "id,text,speaker\np1,The alerts cost us three weekends.,Marla Quist\np2,The licence is fine by me.,Ben Oduya\n"
    )
    (tmp_path / "posts.csv").write_text(rows)
    mapping = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nspeaker = "speaker"\n'
    (tmp_path / "posts.map.toml").write_text(mapping)
    intake.take_in(shared, [tmp_path / "posts.csv"])
    journal.note(shared, journal.HANDED_OUT, "What Marla Quist said", by="Marla Quist")
    forgetting.forget(shared, forgetting.Wish(people=("Marla Quist",)))
    forgot, handed_out, read_in, *_ = journal.entries(shared)
    assert (forgot.what, read_in.what) == (journal.FORGOT, journal.READ_IN)
    assert "1 documents whole" in forgot.about
    assert (handed_out.about, handed_out.who) == ("What [forgotten] said", "[forgotten]")


def test_decisions_and_what_is_handed_out_are_in_the_journal(shared, tmp_path):
    with journal.acting("Dana", "198.51.100.7"):
        collecting.create(shared, "Board deck", by="Dana")
        quoting.write(shared, quoting.of_collection(shared, "Board deck"), tmp_path / "deck.md")
        doing.undo(shared, by="Dana")
    undone, out, made = journal.entries(shared, limit=3)
    assert [item.what for item in (made, out, undone)] == [journal.DECIDED, journal.HANDED_OUT, journal.TOOK_BACK]
    assert {item.who for item in (made, out, undone)} == {"Dana"}
    assert "Board deck" in out.about
