"""`winloss serve`: the web app on this machine, and for others once there are users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from winloss.cli.shared import workbench
from winloss.errors import ConfigError
from winloss.ports import Workbench

if TYPE_CHECKING:
    from web.serving import Serving

HOST = "127.0.0.1"
PORT = 8321
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@click.command("serve")
@click.option("--host", default=HOST, show_default=True, help="Address to bind; others than this machine's need users.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 picks a free one."
)
@click.option(
    "--behind",
    multiple=True,
    metavar="NAME",
    help="Name under which a server in front, which speaks TLS, is reached; needs users.",
)
@click.pass_context
def serve_command(context: click.Context, host: str, port: int, behind: tuple[str, ...]) -> None:
    """Serve the web app until Ctrl-C.

    For others, put a server that speaks TLS in front of it: it passes the Host it was asked by, X-Forwarded-For, and
    nobody but it reaches the port.

    \b
    Examples:
      winloss serve --port 8080
      winloss serve --behind winloss.example.com
    """
    serve(workbench(context), host=host, port=port, behind=behind)


def serve(bench: Workbench, *, host: str = HOST, port: int = PORT, behind: tuple[str, ...] = ()) -> None:
    """Serve until interrupted; the URL is printed first.

    Raises:
        ConfigError: others would reach it and there are no users, or the port is taken.
    """
    from waitress.server import create_server

    from web import create_app
    from winloss.services.workspace import warming, working

    serving = _serving(bench, host, behind)
    try:
        app = create_app(bench, serving)
        believing = {"clear_untrusted_proxy_headers": not serving.https}
        server = create_server(app, host=host, port=port, threads=8, ident="winloss", **believing)
    except OSError as error:
        raise ConfigError(f"cannot serve on {host}:{port}: {error.strerror}", hint="Choose another --port.") from error
    shown = f"[{host}]" if ":" in host else host
    stops = (warming.start(bench), working.start(bench))
    click.echo(f"Serving on http://{shown}:{server.effective_port}/ (Ctrl-C ends it)")
    if not serving.alone and not serving.https:
        click.echo(
            "Without TLS, passwords and transcripts can be read on the way: put a TLS server in front, --behind."
        )
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        for stop in stops:
            stop.set()
        server.close()
    click.echo("Stopped.")


def _serving(bench: Workbench, host: str, behind: tuple[str, ...]) -> Serving:
    """How the app is reached; others reach it only where there are users."""
    from web.serving import LOCAL_NAMES, Serving

    if host in LOCAL_HOSTS and not behind:
        return Serving()
    if not bench.store.has_users():
        raise ConfigError(
            f"will not serve {', '.join(behind) or host}: others would reach confidential transcripts, and nobody "
            "could sign in yet",
            hint="Add a user first: winloss users add NAME --role admin. Or serve on 127.0.0.1.",
        )
    return Serving(alone=False, names=(*behind, *LOCAL_NAMES) if behind else None, https=bool(behind))
