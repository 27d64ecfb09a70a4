"""Reading sources: files become documents, deals, accounts and findings. The facade of everything in `ingest`."""

from ingest.attendance import apply_attendance, is_attendance, read_attendance
from ingest.following import followed
from ingest.manifest import Manifest, apply_manifest, load_manifest
from ingest.mapping import load_mapping
from ingest.registry import READERS, companions, is_document, is_one_export, read, reader_for
from ingest.sniff import probe

__all__ = [
    "READERS",
    "Manifest",
    "apply_attendance",
    "apply_manifest",
    "companions",
    "followed",
    "is_attendance",
    "is_document",
    "is_one_export",
    "load_manifest",
    "load_mapping",
    "probe",
    "read",
    "read_attendance",
    "reader_for",
]
