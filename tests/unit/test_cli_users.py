"""`winloss users` and `winloss serve`: passwords without echo; others are served once they can be asked for one."""

from __future__ import annotations

import json

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner

from winloss.bootstrap import open_workbench
from winloss.cli.commands import winloss
from winloss.cli.serving import _serving
from winloss.errors import ConfigError
from winloss.services import journal
from winloss.services.team import passwords

PASSWORD = "correct horse battery"


@pytest.fixture
def run(tmp_path, monkeypatch):
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)

    def invoke(*arguments, typed=""):
        done = CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "w"), *arguments], input=typed)
        assert done.exception is None, done.exception
        return done.output

    return invoke


@pytest.fixture
def opened(tmp_path):
    bench = open_workbench(tmp_path / "w")
    yield bench
    bench.store.close()


def test_users_are_added_changed_listed_and_removed(run):
    told = run("users", "add", "Dana", "--role", "admin", typed=f"{PASSWORD}\n")
    assert PASSWORD not in told
    run("users", "add", "Tom", "--role", "viewer", typed=f"{PASSWORD}\n")
    run("users", "role", "Tom", "researcher")
    run("users", "password", "Tom", typed="another horse battery\n")
    assert {it["name"]: it["role"] for it in json.loads(run("users", "list", "--json"))} == {
        "Dana": "admin",
        "Tom": "researcher",
    }
    run("users", "remove", "Tom")
    assert "Tom" not in run("users", "list")
    told = [entry["what"] for entry in json.loads(run("users", "log", "--json"))]
    assert told == ["removed a user", "changed a password", "changed a user's role", "added a user", "added a user"]


def test_a_token_alone_is_on_standard_output(tmp_path, run):
    run("users", "add", "Dana", "--role", "admin", typed=f"{PASSWORD}\n")
    arguments = ["users", "token", "Dana", "--role", "viewer", "--purpose", "nightly"]
    done = CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "w"), *arguments])
    assert done.stdout.startswith("winloss_")
    assert done.stdout.count("\n") == 1
    (token,) = json.loads(run("users", "tokens", "--json"))
    assert "mark" not in token
    run("users", "revoke", token["id"])
    assert run("users", "tokens") == "There are none.\n"


def test_others_are_served_only_where_there_are_users(run, opened):
    assert _serving(opened, "127.0.0.1", ()).alone
    for host, behind in (("0.0.0.0", ()), ("192.0.2.1", ()), ("127.0.0.1", ("winloss.example.com",))):
        with pytest.raises(ConfigError) as caught:
            _serving(opened, host, behind)
        assert "users add" in caught.value.hint
    run("users", "add", "Dana", "--role", "admin", typed=f"{PASSWORD}\n")
    direct, behind = _serving(opened, "0.0.0.0", ()), _serving(opened, "127.0.0.1", ("winloss.example.com",))
    assert (direct.alone, direct.https, direct.names) == (False, False, None)
    assert (behind.alone, behind.https) == (False, True)
    assert "winloss.example.com" in behind.names


def test_a_restored_backup_knows_its_users_and_none_of_their_sign_ins(run, tmp_path):
    run("users", "add", "Dana", "--role", "admin", typed=f"{PASSWORD}\n")
    run("users", "token", "Dana", "--role", "admin", "--purpose", "nightly")
    run("backup", str(tmp_path / "b.zip"))
    CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "r"), "restore", str(tmp_path / "b.zip")])
    bench = open_workbench(tmp_path / "r")
    assert [user.name for user in bench.store.users()] == ["Dana"]
    assert bench.store.tokens() == []
    assert [entry.what for entry in journal.entries(bench, limit=2)] == [journal.RESTORED, journal.MADE_TOKEN]
    bench.store.close()
