"""What becomes of the files that hold something forgotten: rows, bytes, and how they are listed from then on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from winloss.model import Finding, Severity, SourceFile
from winloss.ports import Workbench
from winloss.services.erasure.taking import Taking
from winloss.services.erasure.withholding import without_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files that go with all rows, and those whose bytes only go, as they are to be listed from then on."""

    gone: tuple[SourceFile, ...]
    released: tuple[SourceFile, ...]
    tidied: tuple[SourceFile, ...]
    """Files whose remarks or name say the name of somebody who is forgotten; they keep everything else."""


def files_of(bench: Workbench, taking: Taking) -> Files:
    """What becomes of every file that holds something of it, or may do so.

    A file of which fewer documents are its own than were read from it repeats documents of other files, nobody knows
    which: its bytes go as well.
    """
    carriers = bench.store.carriers()
    own: dict[str, int] = {}
    touched: dict[str, int] = {}
    for document_id, file_id in carriers:
        own[file_id] = own.get(file_id, 0) + 1
        if document_id in taking.whole:
            touched[file_id] = touched.get(file_id, 0) + 1
    cut = {file_id for document_id, file_id in carriers if document_id in taking.partial}
    words = bool(taking.whole or taking.partial)
    crm = bool(taking.deals or taking.accounts)
    gone, released = [], []
    for file in bench.store.files():
        mine, lost = own.get(file.id, 0), touched.get(file.id, 0)
        companies = file.deals + file.accounts
        if file.id in taking.files or (lost and lost == mine >= file.documents and not companies):
            gone.append(file)
        elif lost or (file.blob and (file.id in cut or (words and mine < file.documents) or (crm and companies))):
            released.append(replace(file, documents=max(file.documents - lost, 0)))
    blobs, paths = {file.blob for file in gone if file.blob}, {file.path for file in gone}
    same = [file for file in released if file.blob in blobs or (file.path in paths and file.documents <= 1)]
    touched_ids = {file.id for file in (*gone, *released)}
    others = [file for file in bench.store.files() if file.id not in touched_ids]
    return Files(
        gone=(*gone, *same),
        released=tuple(_released(file, taking.names) for file in released if file not in same),
        tidied=tuple(tidy for file in others if (tidy := _tidied(file, taking.names)) != file),
    )


def _tidied(file: SourceFile, names: Collection[str]) -> SourceFile:
    findings = tuple(
        finding
        for finding in file.findings
        if without_names(finding.message, names) == finding.message
        and without_names(finding.where, names) == finding.where
    )
    return replace(file, path=without_names(file.path, names), findings=findings)


def _released(file: SourceFile, names: Collection[str]) -> SourceFile:
    finding = Finding(
        code="forgotten",
        message="something of this file was forgotten: its bytes and the remarks on it are no longer kept",
        severity=Severity.INFO,
    )
    return replace(file, path=without_names(file.path, names, parts=True), blob="", findings=(finding,))
