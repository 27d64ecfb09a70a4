"""`winloss serve`: the web app on this machine."""

from __future__ import annotations

from threading import Thread

import click

from winloss.cli.shared import workbench
from winloss.errors import ConfigError
from winloss.ports import Workbench

HOST = "127.0.0.1"
PORT = 8321
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@click.command("serve")
@click.option("--host", default=HOST, show_default=True, help="Address to bind; only this machine's own.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port; 0 picks a free one."
)
@click.pass_context
def serve_command(context: click.Context, host: str, port: int) -> None:
    """Serve the web app until Ctrl-C.

    \b
    Example:
      winloss serve --port 8080
    """
    serve(workbench(context), host=host, port=port)


def serve(bench: Workbench, *, host: str = HOST, port: int = PORT) -> None:
    """Serve until interrupted; the URL is printed first.

    Raises:
        ConfigError: the address is not this machine's own, or the port is taken.
    """
    from waitress.server import create_server

    from web import create_app
    from winloss.services.warming import warm

    if host not in LOCAL_HOSTS:
        raise ConfigError(
            f"will not bind to {host}: the app has no log-in yet, and transcripts are confidential",
            hint="Serve on 127.0.0.1 and put a server with access control in front of it.",
        )
    try:
        server = create_server(create_app(bench), host=host, port=port, threads=8, ident="winloss")
    except OSError as error:
        raise ConfigError(f"cannot serve on {host}:{port}: {error.strerror}", hint="Choose another --port.") from error
    shown = f"[{host}]" if ":" in host else host
    Thread(target=warm, args=(bench,), daemon=True).start()
    click.echo(f"Serving on http://{shown}:{server.effective_port}/ (Ctrl-C ends it)")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    click.echo("Stopped.")
