"""Names of buyers who may not be named, where others wrote them down: in remarks on a file, in what a CRM states.

In place of the name stands the pseudonym, where there is one, else "a buyer". Only people of the same file, or of the
same account, are looked for: elsewhere the same words may be anything. Who never speaks, a nickname, and a slip of the
pen are read over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nlp.text.names import is_label
from winloss.model import Filters, Rights, Side, SourceFile, SourceKind, called
from winloss.ports import Workbench
from winloss.services.library import library, of_sources

SOMEBODY = "a buyer"
_WORD = re.compile(r"[^\W_]+")
_NO_WORD = re.compile(r"[\d_@-]|[a-z][A-Z]")
"""What a handle has that is no word of the language: without any, "alerts" in a remark is no person."""
_LONGEST, _SHORTEST_PART = 6, 3
_Names = Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenNames:
    """Who may not be named, by the file, its path, and the account that they speak in: names, as words, to pseudonyms.

    Words alone are as written, several are in lower case.
    """

    files: Mapping[str, _Names]
    paths: Mapping[str, _Names]
    accounts: Mapping[str, _Names]

    def in_file(self, file: SourceFile) -> SourceFile:
        """The file, its remarks naming nobody of it who may not be named."""
        names = self.files.get(file.id)
        if not names:
            return file
        told = (
            replace(it, message=_without(it.message, names), where=_without(it.where, names)) for it in file.findings
        )
        return replace(file, findings=tuple(told))

    def in_result(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """What a job came to, as it is kept, its remarks naming nobody of the files that it took in."""
        files = [
            {**file, "findings": [_kept(it, self.paths.get(file["path"], {})) for it in file.get("findings", ())]}
            for file in result.get("files", ())
        ]
        everybody = {words: name for file in files for words, name in self.paths.get(file["path"], {}).items()}
        beside = [_kept(finding, everybody) for finding in result.get("findings", ())]
        told = {"files": files, "findings": beside}
        return {**result, **{name: told[name] for name in told if name in result}}

    def of_account(self, spelt: Collection[str], text: str | None) -> str | None:
        """The text without the names of these accounts' people."""
        for account in spelt:
            text = _without(text, self.accounts.get(account, {})) if text else text
        return text


def hidden_names(bench: Workbench) -> HiddenNames:
    """As rights hold today."""
    return of_sources(bench, "hidden names", lambda: _hidden(bench))


def _hidden(bench: Workbench) -> HiddenNames:
    everything = Filters()
    listed = library(bench).listed(("documents", everything), lambda: bench.store.documents(everything))
    documents = {item.id: item for item in listed}
    numbers = bench.store.pseudonyms()
    files: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    accounts: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for item in bench.store.speakers():
        speaker, document = item.speaker, documents.get(item.document_id)
        shielded = speaker.side in (Side.BUYER, Side.UNKNOWN) and item.rights != Rights.NAMED
        if document is None or not shielded or not speaker.name or is_label(speaker.name):
            continue
        number = numbers.get(speaker.respondent)
        names = dict(_written(speaker.name, called(number) if number else SOMEBODY, document.kind))
        files[document.file_id].update(names)
        if document.account:
            accounts[document.account].update(names)
    paths: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for file in bench.store.files():
        paths[file.path].update(files.get(file.id, {}))
    return HiddenNames(files=files, paths=paths, accounts=accounts)


def _written(name: str, pseudonym: str, kind: SourceKind) -> Iterable[tuple[tuple[str, ...], str]]:
    """How the name may be written: in either order, and, of a name of several words, each of them."""
    words = _WORD.findall(name)
    if len(words) > 1:
        folded = tuple(word.casefold() for word in words)
        yield from ((order, pseudonym) for order in (folded, folded[::-1]))
    if kind is SourceKind.COMMUNITY:
        words = [name] if len(words) == 1 and _NO_WORD.search(name) else []
    yield from (((word,), pseudonym) for word in words if len(word) >= _SHORTEST_PART)


def _kept(finding: Mapping[str, Any], names: _Names) -> dict[str, Any]:
    """The same of a remark that is kept as JSON."""
    return {**finding, **{part: _without(finding[part], names) for part in ("message", "where") if part in finding}}


def _without(text: str, names: _Names) -> str:
    """The text with the longest runs of words that are names put out of sight."""
    words = list(_WORD.finditer(text))
    parts, at, place = [], 0, 0
    while place < len(words):
        run = next((size for size in range(_LONGEST, 0, -1) if _name(words[place : place + size], size) in names), 0)
        if run:
            parts += [text[at : words[place].start()], names[_name(words[place : place + run], run)]]
            at = words[place + run - 1].end()
        place += run or 1
    return "".join([*parts, text[at:]])


def _name(words: list[re.Match[str]], size: int) -> tuple[str, ...]:
    """The words as a name is kept; nothing where there are not so many left."""
    if len(words) < size:
        return ()
    return (words[0][0],) if size == 1 else tuple(word[0].casefold() for word in words)
