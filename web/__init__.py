"""The web app: pages for people and a JSON API, both on the services that the commands use."""

from web.app import create_app

__all__ = ["create_app"]
