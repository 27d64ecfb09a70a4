"""What stays unloaded: commands that people call all day must not wait for a model they do not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ["torch", "spacy", "sentence_transformers", "transformers", "sklearn", "scipy", "umap", "hdbscan", "numba",
         "flask", "alembic", "docx", "openpyxl", "altair", "rich"]  # fmt: skip
KERNEL_HEAVY = [*HEAVY, "numpy", "sqlalchemy", "whoosh", "click"]


def loaded_after(code: str, names: list[str]) -> list[str]:
    """Which of the names are imported once the code has run in an interpreter of its own."""
    probe = f"import sys, json\n{code}\nprint('\\n' + json.dumps([n for n in {names!r} if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_command(*arguments: str) -> str:
    """Code that runs the command line in this process and stays alive after it."""
    return (
        f"sys.argv = ['winloss', *{list(arguments)!r}]\n"
        "from winloss.cli import main\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )


def test_the_kernel_needs_the_standard_library_only():
    assert loaded_after("import winloss.ports, winloss.model, winloss.codebook, winloss.config", KERNEL_HEAVY) == []


def test_packages_load_nothing_heavy_by_themselves():
    assert (
        loaded_after("import ingest, nlp, winloss.store, winloss.search, winloss.report, winloss.services", HEAVY) == []
    )


@pytest.mark.parametrize("arguments", [("--help",), ("search", "--help"), ("status", "--help"), ("ingest", "--help")])
def test_help_loads_nothing_heavy(arguments):
    assert loaded_after(run_command(*arguments), HEAVY) == []


def test_status_loads_no_model(tmp_path):
    run = run_command("--workspace", str(tmp_path), "status")
    assert loaded_after("import winloss", HEAVY) == []
    first = [name for name in loaded_after(run, HEAVY) if name != "alembic"]
    assert first == []
    assert loaded_after(run, [*HEAVY, "numpy"]) == []


def test_searching_by_words_loads_no_model(tmp_path):
    run = run_command("--workspace", str(tmp_path), "search", "alerts", "--mode", "words")
    loaded_after(run, HEAVY)
    assert loaded_after(run, HEAVY) == []


def test_the_layers_hold():
    from importlinter.cli import lint_imports

    assert lint_imports(no_cache=True) == 0
