"""Registrations: the data folder read, checked and made tidy; names made into pseudonyms."""

from bwk.registrations.findings import Finding, write_findings
from bwk.registrations.intake import Check, DataFile, FileCount, Registrations, check, read
from bwk.registrations.pseudonyms import Pseudonymized, pseudonymize

__all__ = [
    "Check",
    "DataFile",
    "FileCount",
    "Finding",
    "Pseudonymized",
    "Registrations",
    "check",
    "pseudonymize",
    "read",
    "write_findings",
]
