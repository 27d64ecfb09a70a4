"""What every store promises about users, sign-ins, tokens, attempts and the journal, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace

from winloss.model import Access, Entry, SignIn, Token, User

AT, LATER = "2026-07-01T10:00:00Z", "2026-07-01T11:00:00Z"
DANA = User(key="dana", name="Dana", access=Access.ADMIN, password="$hash", made_at=AT)
TOKEN = Token(id="k1", mark="m1", user="dana", access=Access.VIEWER, purpose="nightly", made_at=AT)


def entry(number, who="Dana"):
    return Entry(at=AT, who=who, what="handed out", about=f"deck {number}", address="127.0.0.1")


def test_a_user_is_kept_replaced_and_removed_with_all_that_opens_the_door(store):
    assert not store.has_users()
    with store.aside() as unit:
        unit.put_user(DANA)
        unit.put_user(replace(DANA, access=Access.VIEWER))
        unit.put_sign_in(SignIn(mark="s1", user="dana", made_at=AT, seen_at=AT), ended="2026")
        unit.put_known_browser("b1", "dana", AT, ended="2026")
        unit.put_token(TOKEN)
    assert store.has_users()
    assert store.user("dana").access is Access.VIEWER
    assert store.tokens() == [store.token("m1")] == [TOKEN]
    assert store.known_browser("b1") == "dana"
    with store.aside() as unit:
        unit.drop_user("dana")
    assert (store.user("dana"), store.sign_in("s1"), store.token("m1"), store.known_browser("b1")) == (None,) * 4


def test_sign_ins_are_touched_ended_and_swept_away(store):
    with store.aside() as unit:
        unit.put_sign_in(SignIn(mark="s1", user="dana", made_at=AT, seen_at=AT), ended="2026")
    store.touch_sign_in("s1", LATER)
    assert store.sign_in("s1").seen_at == LATER
    with store.aside() as unit:
        unit.put_sign_in(SignIn(mark="s2", user="dana", made_at=LATER, seen_at=LATER), ended=LATER)
    assert store.sign_in("s1") is None
    with store.aside() as unit:
        unit.drop_sign_in("s2")
    assert store.sign_in("s2") is None


def test_whoever_only_reads_waits_for_nobody_who_writes(store):
    with store.aside() as unit:
        unit.put_sign_in(SignIn(mark="s1", user="dana", made_at=AT, seen_at=AT), ended="2026")
    with store.aside() as unit:
        unit.put_user(DANA)
        toucher = threading.Thread(target=store.touch_sign_in, args=("s1", LATER))
        toucher.start()
        toucher.join(timeout=10)
        assert not toucher.is_alive()
    assert store.user("dana") == DANA


def test_attempts_are_counted_up_to_their_limit_however_many_come_at_once(store):
    refused = []

    def attempt():
        with store.aside() as unit:
            refused.append(unit.count_attempt({"pair": 5, "address": 30}, AT, since="2026"))

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, refused)) == ["None"] * 5 + ["pair"] * 7
    with store.aside() as unit:
        unit.forget_attempt(["pair"])
        assert unit.count_attempt({"pair": 5}, AT, since="2026") is None
        assert unit.count_attempt({"pair": 5}, AT, since="2026") == "pair"
        assert unit.count_attempt({"pair": 5}, LATER, since=LATER) is None


def test_the_journal_grows_and_loses_nothing_but_names(store):
    with store.aside() as unit:
        unit.put_entries([entry(1), entry(2)])
    with store.transaction() as unit:
        unit.put_entries([entry(3)])
        unit.put_entries([])
        unit.rewrite_entries(lambda it: replace(it, who="[forgotten]") if it.about == "deck 2" else it)
    told = store.journal()
    assert [(it.id, it.about, it.who) for it in told] == [
        (3, "deck 3", "Dana"),
        (2, "deck 2", "[forgotten]"),
        (1, "deck 1", "Dana"),
    ]
    assert store.journal(limit=1, before=2) == told[2:]
    assert store.revision() == 1
