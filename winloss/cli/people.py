"""`winloss users`: who may use a workspace together with others, their tokens, and the journal of what they did."""

from __future__ import annotations

import sys

import click

from winloss.cli.shared import json_option, print_json, workbench
from winloss.model import Access
from winloss.services import journal
from winloss.services.presenting import plain
from winloss.services.team import users

ROLES = [access.value for access in Access]
role_option = click.option("--role", required=True, type=click.Choice(ROLES), help="What the user may do.")


@click.group("users")
def users_command() -> None:
    """Let others use this workspace, each with a password and a role.

    viewer reads; researcher also codes, decides, reads in and hands out; admin also looks after users, forgets and
    restores. Passwords are asked for without being shown, or read from standard input.

    \b
    Examples:
      winloss users add Dana --role admin
      winloss serve --host 0.0.0.0
      winloss users token Dana --role viewer --purpose "nightly dashboard"
      winloss users log
    """


@users_command.command("add")
@click.argument("name")
@role_option
@click.pass_context
def add_command(context: click.Context, name: str, role: str) -> None:
    """Add a user."""
    user = users.add(workbench(context), name, Access(role), _password())
    click.echo(f"{user.name} can sign in, as {user.access}. Whoever uses the web app has to sign in now.")


@users_command.command("list")
@json_option
@click.pass_context
def list_command(context: click.Context, *, as_json: bool) -> None:
    """Who there is."""
    found = workbench(context).store.users()
    if as_json:
        print_json([{"name": user.name, "role": user.access, "made_at": user.made_at} for user in found])
        return
    for user in found:
        click.echo(f"{user.name}  {user.access}  since {user.made_at[:10]}")
    if not found:
        click.echo("Nobody: the web app answers this machine alone. Next: winloss users add NAME --role admin")


@users_command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_context
def role_command(context: click.Context, name: str, role: str) -> None:
    """Give a user another role."""
    user = users.set_access(workbench(context), name, Access(role))
    click.echo(f"{user.name} is a {user.access} now.")


@users_command.command("password")
@click.argument("name")
@click.pass_context
def password_command(context: click.Context, name: str) -> None:
    """Give a user another password; wherever they are signed in they have to sign in again."""
    bench = workbench(context)
    user = users.find(bench, name)
    users.set_password(bench, user.name, _password())
    click.echo(f"{user.name} has another password.")


@users_command.command("remove")
@click.argument("name")
@click.pass_context
def remove_command(context: click.Context, name: str) -> None:
    """Remove a user, with their tokens; what they coded and decided stays."""
    bench = workbench(context)
    user = users.find(bench, name)
    users.remove(bench, user.name)
    click.echo(f"{user.name} can no longer sign in.")
    if not bench.store.has_users():
        click.echo("That was the last one: the web app asks nobody to sign in, and answers this machine alone.")


@users_command.command("token")
@click.argument("name")
@role_option
@click.option("--purpose", required=True, help="What it is for, to know it again.")
@click.pass_context
def token_command(context: click.Context, name: str, role: str, purpose: str) -> None:
    """Make a token for a script of a user. It is printed once, and only its hash is kept."""
    token, shown = users.make_token(workbench(context), name, Access(role), purpose)
    click.echo(f"{token.id}: send it as `Authorization: Bearer TOKEN`; it is not shown again.", err=True)
    click.echo(shown)


@users_command.command("tokens")
@json_option
@click.pass_context
def tokens_command(context: click.Context, *, as_json: bool) -> None:
    """Which tokens there are."""
    found = workbench(context).store.tokens()
    if as_json:
        print_json([{"id": it.id, "user": it.user, "role": it.access, "purpose": it.purpose} for it in found])
        return
    for it in found:
        click.echo(f"{it.id}  {it.user}  {it.access}  since {it.made_at[:10]}  {it.purpose}")
    if not found:
        click.echo("There are none.")


@users_command.command("revoke")
@click.argument("token_id", metavar="TOKEN_ID")
@click.pass_context
def revoke_command(context: click.Context, token_id: str) -> None:
    """Have a token, named by its id, no longer open anything."""
    users.revoke_token(workbench(context), token_id)
    click.echo("It opens nothing any more.")


@users_command.command("log")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many to show.")
@json_option
@click.pass_context
def log_command(context: click.Context, limit: int, *, as_json: bool) -> None:
    """Who did what, when and from where, newest first."""
    found = journal.entries(workbench(context), limit=limit)
    if as_json:
        print_json(plain(found))
        return
    for it in found:
        about = f": {it.about}" if it.about else ""
        click.echo(f"{it.at}  {it.who or '(nobody said)'}  {it.what}{about}  ({it.address})")
    if not found:
        click.echo("Nothing has happened yet.")


def _password() -> str:
    """Asked for twice without being shown; where nobody sits at a terminal, the first line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
