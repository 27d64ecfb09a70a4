"""Renderers of the quarterly synthesis: they add form, never content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from winloss.errors import ConfigError
from winloss.model import Filters, Report

__all__ = ["SUFFIXES", "TEMPLATED", "render"]

SUFFIXES = (".html", ".md", ".docx", ".pptx", ".csv")
TEMPLATED = (".docx", ".pptx")
"""What can be written into a template of one's own."""


def render(
    report: Report,
    *,
    suffix: str,
    link: Callable[[str], str],
    role_label: Callable[[str | None], str],
    theme_link: Callable[[str], str] | None = None,
    template: bytes | None = None,
    behind: Callable[[Filters], Sequence[str]] = lambda _: (),
    deals_link: Callable[[str], str] | None = None,
) -> str | bytes:
    """The report as the kind of document that `suffix` names; text, or the bytes of an office file or a table.

    `template` is the content of a Word or PowerPoint file whose look is to be used. `behind` names the verbatims that
    pass some filters, for the table of everything counted. `deals_link` is where a page lists the deals of a query.

    Raises:
        ConfigError: there is no renderer for the suffix, or none that takes a template, or not this one.
    """
    if template is not None and suffix in SUFFIXES and suffix not in TEMPLATED:
        raise ConfigError(f"a report as {suffix} takes no template", hint="Name a file that ends in .docx or .pptx.")
    if suffix == ".html":
        from winloss.report.html import render_html

        return render_html(report, link=link, role_label=role_label, theme_link=theme_link, deals_link=deals_link)
    if suffix == ".md":
        from winloss.report.markdown import render_markdown

        return render_markdown(report, link=link, role_label=role_label)
    if suffix == ".docx":
        from winloss.report.docx import render_docx

        return render_docx(report, link=link, role_label=role_label, template=template)
    if suffix == ".pptx":
        from winloss.report.pptx import render_pptx

        return render_pptx(report, link=link, role_label=role_label, template=template)
    if suffix == ".csv":
        from winloss.report.csv import render_csv

        return render_csv(report, link=link, role_label=role_label, behind=behind)
    raise ConfigError(f"no report as {suffix or 'a file without suffix'}", hint=f"Choose from {', '.join(SUFFIXES)}.")
