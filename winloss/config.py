"""Settings of a workspace: one table, from which `winloss.toml`, the help text and the README are checked.

Order of precedence: environment (`DATABASE_URL`), `winloss.toml` in the workspace, the default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from winloss.errors import ConfigError

SETTINGS_FILE = "winloss.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its default; the help of each is in `SETTING_HELP`."""

    database_url: str = ""
    model: str = "all-MiniLM-L6-v2"
    model_languages: str = "en"
    exact_vectors: bool = False
    reranker: str = ""
    label: str = ""
    seed: int = 20260930
    theme_min_share: float = 0.002
    drift_delta: float = 0.10
    drift_history: int = 8
    drift_permutations: int = 1999
    rights_interview: str = "anonymous"
    rights_community: str = "anonymous"
    rights_inquiry: str = "internal"
    rights_survey: str = "anonymous"
    vendor_names: str = ""
    vendor_domains: str = ""
    drafting_endpoint: str = ""
    drafting_model: str = ""
    drafting_key_env: str = ""
    drafting_allow_remote: bool = False
    drafting_seconds: int = 180


SETTING_HELP: Mapping[str, str] = {
    "database_url": "SQLAlchemy URL of the store; empty means a SQLite file in the workspace.",
    "model": "Sentence-embedding model: the bundled one by its name, or a folder on this machine.",
    "model_languages": "Languages that the model reads, by code, with commas; what is in others is in no theme.",
    "exact_vectors": "Run that model in single precision: twice the time, for hardly different themes and results.",
    "reranker": "A cross-encoder that re-orders the best results: a folder on this machine; empty means none.",
    "label": "A line shown at the top of every page and report, such as a notice that the data is fictional.",
    "seed": "Seed of everything that draws random numbers.",
    "theme_min_share": "Smallest theme, as a share of a facet's verbatims; at least five and a third of their root.",
    "drift_delta": "A quarter counts as saturated when a new theme of this share would have been seen.",
    "drift_history": "How many earlier quarters the drift detector compares with.",
    "drift_permutations": "Permutations of the drift test; more give finer p values and take longer.",
    "rights_interview": "Quote rights of interviews that do not say: named, anonymous, internal or no_quote.",
    "rights_community": "Quote rights of community posts that do not say.",
    "rights_inquiry": "Quote rights of analyst inquiries that do not say.",
    "rights_survey": "Quote rights of survey answers that do not say.",
    "vendor_names": "What your company is called, with commas or as a list: who is said to be of it is no buyer.",
    "vendor_domains": "Your company's e-mail domains, with commas or as a list: who writes from there is no buyer.",
    "drafting_endpoint": "Where a language model answers as OpenAI's API does, such as http://127.0.0.1:11434/v1.",
    "drafting_model": "The model to ask there, as that server calls it.",
    "drafting_key_env": "The environment variable that holds the key, where the server wants one; not the key itself.",
    "drafting_allow_remote": "Whether verbatims may be sent to a server that is not on this machine.",
    "drafting_seconds": "How long the model may take for one part of a report.",
}
TABLES = ("drafting",)
"""Settings that are written in a table of that name, without its name before each."""
LISTS = ("model_languages", "vendor_names", "vendor_domains")
"""Settings that may be written as a list; they are kept with commas."""


def load_settings(root: Path) -> Settings:
    """The settings of the workspace at `root`.

    Raises:
        ConfigError: the file is not valid TOML, names an unknown setting, or gives one the wrong type.
    """
    path = root / SETTINGS_FILE
    values = _flat(_read(path)) if path.exists() else {}
    known = {item.name: type(item.default) for item in fields(Settings)}
    for name, value in values.items():
        if name not in known:
            raise ConfigError(
                f"{path.name} names an unknown setting: {name}", hint=f"Known settings: {', '.join(known)}."
            )
        if name in LISTS and isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            values[name] = ", ".join(value)
        elif known[name] is float and isinstance(value, int):
            values[name] = float(value)
        elif not isinstance(value, known[name]):
            raise ConfigError(f"{path.name}: {name} must be a {known[name].__name__}", hint=SETTING_HELP[name])
    if url := os.environ.get("DATABASE_URL"):
        values["database_url"] = url
    return Settings(**values)


def listed(setting: str) -> tuple[str, ...]:
    """The entries of a setting that is a list written with commas."""
    return tuple(entry.strip() for entry in setting.split(",") if entry.strip())


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """The values with those of tables under their whole names."""
    flat = {name: value for name, value in values.items() if name not in TABLES}
    for table in TABLES:
        inner = values.get(table, {})
        if not isinstance(inner, dict):
            raise ConfigError(
                f"{table} must be a table", hint=f"Write [{table}] on a line by itself, then its settings."
            )
        flat.update({f"{table}_{name}": value for name, value in inner.items()})
    return flat


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}", hint="Mend that line and try again.") from error
