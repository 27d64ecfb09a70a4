"""Renderers of the quarterly synthesis: they add form, never content."""

from __future__ import annotations

from collections.abc import Callable

from winloss.errors import ConfigError
from winloss.model import Report

__all__ = ["SUFFIXES", "render"]

SUFFIXES = (".html", ".md")


def render(
    report: Report,
    *,
    suffix: str,
    link: Callable[[str], str],
    role_label: Callable[[str | None], str],
    theme_link: Callable[[str], str] | None = None,
) -> str:
    """The report as the kind of document that `suffix` names.

    Raises:
        ConfigError: there is no renderer for the suffix.
    """
    if suffix == ".html":
        from winloss.report.html import render_html

        return render_html(report, link=link, role_label=role_label, theme_link=theme_link)
    if suffix == ".md":
        from winloss.report.markdown import render_markdown

        return render_markdown(report, link=link, role_label=role_label)
    raise ConfigError(f"no report as {suffix or 'a file without suffix'}", hint=f"Choose from {', '.join(SUFFIXES)}.")
