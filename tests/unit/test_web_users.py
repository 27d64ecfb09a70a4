"""The web app shared by several people: who gets in, who may do what, in whose name, and what is noted of it."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher

from web import create_app
from web.access import PUBLIC, ROUTES
from web.access import needed as needs
from web.serving import Serving
from web.signing_in import own_address
from winloss.model import Access
from winloss.services import journal
from winloss.services.research import codes
from winloss.services.team import passwords, users

PASSWORD = "correct horse battery"
NAMES = {Access.VIEWER: "Vera", Access.RESEARCHER: "Rolf", Access.ADMIN: "Ada"}
OTHERS = Serving(alone=False, names=None)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = cheap.hash("nobody has this one")
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    monkeypatch.setattr(passwords, "_nobody", lambda: nobodys)


@pytest.fixture
def shared(bench):
    for access, name in NAMES.items():
        users.add(bench, name, access, PASSWORD)
    return bench


@pytest.fixture
def app(shared):
    return create_app(shared)


def form_token(page):
    return re.search(r'name="token" value="([^"]+)"', page.get_data(as_text=True))[1]


def enter(app, access=Access.ADMIN, *, password=PASSWORD, to="", base="http://localhost"):
    client = app.test_client()
    told = {"token": form_token(client.get("/sign-in", base_url=base)), "name": NAMES[access], "password": password}
    answer = client.post("/sign-in", data={**told, "next": to}, base_url=base)
    return client, answer


# --- every route -----------------------------------------------------------------------------------------------------


def test_every_route_is_in_the_table_and_the_table_holds_nothing_else(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes == {*ROUTES, *PUBLIC}
    assert not set(ROUTES) & set(PUBLIC)


def test_a_route_that_the_table_forgot_is_for_admins(app):
    assert needs("somewhere.new") is Access.ADMIN


def asked(app):
    """Every route with every method it answers, its variable parts filled in."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, re.sub(r"<(?:path:)?\w+>", "x", rule.rule)


def sent(client, method, path):
    more = {"json": {}} if path.startswith("/api/") and method == "POST" else {}
    return client.open(path, method=method, **more)


def test_whoever_is_not_signed_in_gets_nothing_but_the_door(app):
    for endpoint, method, path in asked(app):
        answer = sent(app.test_client(), method, path)
        if endpoint in PUBLIC:
            assert answer.status_code != 401
        elif path.startswith("/api/"):
            assert (answer.status_code, answer.json["code"]) == (401, "WL-SIGN-IN"), path
        else:
            assert answer.status_code == 303, path
            assert answer.location.startswith("/sign-in"), path


@pytest.mark.parametrize("access", list(Access))
def test_every_route_asks_for_its_role(app, access):
    client, _ = enter(app, access)
    for endpoint, method, path in asked(app):
        if endpoint == "signing_in.sign_out":
            continue
        refused = b"needs the role" in sent(client, method, path).data
        needed = needs(endpoint)
        assert refused == (needed is not None and not access.allows(needed)), (endpoint, access)


def test_what_is_not_there_tells_strangers_nothing(app):
    assert app.test_client().get("/no-such-page").status_code == 303
    assert app.test_client().get("/api/v1/no-such-call").status_code == 401


def test_pages_that_one_may_not_use_are_not_offered(app):
    reader, _ = enter(app, Access.VIEWER)
    admin, _ = enter(app, Access.ADMIN)
    assert 'href="/users"' not in reader.get("/about").get_data(as_text=True)
    assert 'href="/users"' in admin.get("/about").get_data(as_text=True)
    for client, hidden in ((reader, True), (admin, False)):
        assert ('<body class="reads-only">' in client.get("/codes").get_data(as_text=True)) == hidden


# --- the door --------------------------------------------------------------------------------------------------------


def test_without_users_the_app_is_open_to_its_own_machine_and_to_no_other(bench):
    assert create_app(bench).test_client().get("/sources").status_code == 200
    for path in ("/sources", "/api/v1/status", "/users", "/"):
        answer = create_app(bench, OTHERS).test_client().get(path)
        assert answer.status_code == 403
        assert "users add" in answer.get_data(as_text=True)


def test_a_user_who_is_added_closes_the_door_at_once(bench):
    client = create_app(bench).test_client()
    assert client.get("/sources").status_code == 200
    users.add(bench, "Ada", Access.ADMIN, PASSWORD)
    assert client.get("/sources").status_code == 303


def test_signing_in_leads_to_where_one_wanted_to_go(app):
    client = app.test_client()
    asked_for = client.get("/search?q=alerts&segment=federal")
    page = client.get(asked_for.location)
    assert 'value="/search?q=alerts&amp;segment=federal"' in page.get_data(as_text=True)
    _, answer = enter(app, to="/search?q=alerts")
    assert answer.location == "/search?q=alerts"


ELSEWHERE = (
    *("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example"),
    *("/x\r\nSet-Cookie: a=b", "\\\\evil", "http:/evil", ""),
)


def test_signing_in_leads_nowhere_else(app):
    with app.test_request_context("/"):
        assert [address for address in ELSEWHERE if own_address(address) != "/"] == []


def test_what_the_browser_holds_is_out_of_reach_of_scripts_and_other_sites(app):
    _, answer = enter(app)
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_with_tls_cookies_are_secure_and_browsers_are_told_to_stay_with_it(shared):
    app = create_app(shared, Serving(alone=False, names=("winloss.example.com",), https=True))
    _, answer = enter(app, base="https://winloss.example.com")
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie and cookie.startswith("__Host-") for cookie in cookies)
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert app.test_client().get("/", base_url="https://elsewhere.example").status_code == 400


def test_without_a_server_in_front_nobody_is_believed_about_their_address(app, shared):
    client = app.test_client()
    told = {"token": form_token(client.get("/sign-in")), "name": "Ada", "password": PASSWORD}
    client.post("/sign-in", data=told, headers={"X-Forwarded-For": "203.0.113.9"})
    assert journal.entries(shared)[0].address == "127.0.0.1"


def test_a_wrong_name_and_a_wrong_password_look_alike(app):
    def answered(name):
        client = app.test_client()
        told = {"token": form_token(client.get("/sign-in")), "name": name, "password": "wrong horse battery"}
        answer = client.post("/sign-in", data=told)
        return (
            answer.status_code,
            answer.get_data(as_text=True).replace(name, "NAME"),
            answer.headers.getlist("Set-Cookie"),
        )

    assert answered("Ada") == answered("Bob")


def test_guessing_at_the_door_is_stopped(app):
    codes_seen = [enter(app, password="wrong horse battery")[1].status_code for _ in range(7)]
    assert codes_seen == [401] * 5 + [429] * 2


def test_signing_out_ends_the_sign_in_also_for_who_copied_the_cookie(app):
    client, _ = enter(app)
    copied = client.get_cookie("winloss-session").value
    client.post("/sign-out", data={"token": form_token(client.get("/account"))})
    thief = app.test_client()
    thief.set_cookie("winloss-session", copied)
    assert thief.get("/sources").status_code == 303


# --- forms and the API -----------------------------------------------------------------------------------------------


def test_every_page_that_changes_something_needs_the_token_of_this_sign_in(app):
    ada, _ = enter(app)
    other, _ = enter(app, Access.RESEARCHER)
    strangers = form_token(app.test_client().get("/sign-in"))
    for endpoint, method, path in asked(app):
        if method == "GET" or path.startswith("/api/") or endpoint in PUBLIC:
            continue
        for token in ("", strangers, form_token(other.get("/account"))):
            answer = ada.post(path, data={"token": token})
            assert answer.status_code == 403, path
            assert "out of date" in answer.get_data(as_text=True)


def test_no_form_of_another_site_reaches_the_api(app):
    ada, _ = enter(app)
    for _, method, path in asked(app):
        if method == "POST" and path.startswith("/api/"):
            assert ada.post(path, data="{}", content_type="text/plain").json["code"] == "WL-REFUSED"
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
                assert ada.post(path, json={}, headers=headers).json["code"] == "WL-REFUSED"


def test_a_form_outlives_the_server(shared):
    client, _ = enter(create_app(shared))
    token = form_token(client.get("/account"))
    later = create_app(shared).test_client()
    later.set_cookie("winloss-session", client.get_cookie("winloss-session").value)
    assert later.post("/sign-out", data={"token": token}).status_code == 303


def test_a_token_opens_the_api_as_far_as_it_says_and_no_page(app, shared):
    _, shown = users.make_token(shared, "Rolf", Access.VIEWER, "dashboard")
    client, headers = app.test_client(), {"Authorization": f"Bearer {shown}"}
    assert client.get("/api/v1/whoami", headers=headers).json == {"name": "Rolf", "role": "viewer"}
    assert client.post("/api/v1/codes", json={"do": "add", "path": "a"}, headers=headers).json["code"] == "WL-ACCESS"
    assert client.get("/sources", headers=headers).status_code == 303
    assert client.get("/api/v1/whoami", headers={"Authorization": "Bearer winloss_x"}).status_code == 401


@pytest.mark.parametrize("member", ["by", "coder"])
def test_nobody_does_anything_in_another_name(app, shared, member):
    rolf, _ = enter(app, Access.RESEARCHER)
    for _, method, path in asked(app):
        if method == "POST" and path.startswith("/api/") and "/users" not in path:
            answer = rolf.post(path, json={member: "Ada"})
            assert (answer.status_code, answer.json["code"]) == (403, "WL-ACCESS"), path
    page = rolf.post(
        "/codes", data={"token": form_token(rolf.get("/account")), "do": "add", "path": "a", member: "Ada"}
    )
    assert page.status_code == 403
    assert codes.codes(shared) == []


def test_what_is_done_is_done_in_the_name_of_who_is_signed_in(app, shared):
    rolf, _ = enter(app, Access.RESEARCHER)
    rolf.set_cookie("coder", "Ada")
    rolf.post("/api/v1/collections", json={"do": "add", "collection": "Deck"})
    rolf.post("/collections", data={"token": form_token(rolf.get("/account")), "do": "add", "name": "Board"})
    assert {it.name: it.by for it in shared.store.collections()} == {"Deck": "Rolf", "Board": "Rolf"}
    told = [(it.who, it.about) for it in journal.entries(shared, limit=2)]
    assert all(who == "Rolf" for who, _ in told)


# --- accounts --------------------------------------------------------------------------------------------------------


def test_changing_ones_password_needs_the_one_there_is_and_ends_every_sign_in(app):
    vera, _ = enter(app, Access.VIEWER)
    elsewhere, _ = enter(app, Access.VIEWER)
    form = {"token": form_token(vera.get("/account")), "do": "password", "new": "another horse battery"}
    assert vera.post("/account", data={**form, "password": "wrong horse battery"}).status_code == 401
    assert elsewhere.get("/account").status_code == 200
    assert vera.post("/account", data={**form, "password": PASSWORD}).status_code == 303
    assert vera.get("/account").status_code == elsewhere.get("/account").status_code == 303
    assert enter(app, Access.VIEWER)[1].status_code == 401
    assert enter(app, Access.VIEWER, password="another horse battery")[1].status_code == 303


def test_a_token_is_made_shown_once_and_revoked_on_ones_own_page(app):
    vera, _ = enter(app, Access.VIEWER)
    form = {"token": form_token(vera.get("/account")), "do": "token", "password": PASSWORD, "purpose": "dash<b>"}
    page = vera.post("/account", data={**form, "role": "viewer"}).get_data(as_text=True)
    shown = re.search(r"winloss_[\w-]{43}", page)[0]
    headers = {"Authorization": f"Bearer {shown}"}
    assert app.test_client().get("/api/v1/status", headers=headers).status_code == 200
    again = vera.get("/account").get_data(as_text=True)
    assert shown not in again
    assert "dash&lt;b&gt;" in again
    token_id = re.search(r'name="id" value="(\w+)"', again)[1]
    vera.post("/account", data={"token": form["token"], "do": "revoke", "id": token_id})
    assert app.test_client().get("/api/v1/status", headers=headers).status_code == 401


def test_admins_look_after_users_in_the_browser(app, shared):
    ada, _ = enter(app)
    form = {"token": form_token(ada.get("/users"))}
    ada.post("/users", data={**form, "do": "add", "name": "Nell", "role": "viewer", "password": PASSWORD})
    ada.post("/users", data={**form, "do": "role", "name": "Nell", "role": "researcher"})
    assert users.find(shared, "Nell").access is Access.RESEARCHER
    assert ada.post("/users", data={**form, "do": "role", "name": "Ada", "role": "viewer"}).status_code == 409
    ada.post("/users", data={**form, "do": "remove", "name": "Nell"})
    assert "Nell" not in [user.name for user in shared.store.users()]
    page = ada.get("/journal").get_data(as_text=True)
    assert "removed a user" in page
    assert "127.0.0.1" in page


def test_the_first_user_is_an_admin(bench):
    client = create_app(bench).test_client()
    form = {"token": form_token(client.get("/users")), "do": "add", "name": "Ada", "password": PASSWORD}
    client.post("/users", data=form)
    assert users.find(bench, "Ada").access is Access.ADMIN


def test_programs_look_after_users_and_read_the_journal(app, shared):
    _, shown = users.make_token(shared, "Ada", Access.ADMIN, "directory sync")
    client, headers = app.test_client(), {"Authorization": f"Bearer {shown}"}
    told = client.post(
        "/api/v1/users", json={"do": "add", "name": "Nell", "role": "viewer", "password": PASSWORD}, headers=headers
    ).json
    assert "Nell" in [user["name"] for user in told["users"]]
    assert PASSWORD not in str(told)
    assert "argon2" not in str(told)
    newest = client.get("/api/v1/journal?limit=1", headers=headers).json["entries"][0]
    assert (newest["who"], newest["what"], newest["about"]) == ("Ada", "added a user", "Nell, viewer")


def test_pages_of_a_shared_workspace_stay_in_no_cache(app):
    ada, _ = enter(app)
    headers = ada.get("/about").headers
    assert headers["Cache-Control"] == "no-store"
    for name in ("Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Permissions-Policy"):
        assert headers[name]
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
