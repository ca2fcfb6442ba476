"""What a check of a store finds wrong: kinds of faults, and how they are collected."""

from dataclasses import dataclass
from enum import StrEnum

FAULTS_LIMIT = 100


class FaultKind(StrEnum):
    """What kind of thing is wrong."""

    DATABASE = "database"
    SCHEMA = "schema"
    JOURNAL = "journal"
    SIGNATURE = "signature"
    DOCUMENT = "document"
    ARITHMETIC = "arithmetic"
    NUMBER = "number"
    STOCK = "stock"
    TEXT = "text"
    CATALOGUE = "catalogue"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: what kind, where (a document, an entry, a table), and in words."""

    kind: FaultKind
    where: str
    sentence: str


class Enough(Exception):
    """So much is wrong that more would tell nothing."""


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, kind: FaultKind, where: str, sentence: str) -> None:
        """Keep a fault; raises Enough when there are too many."""
        self.found.append(Fault(kind, where, sentence))
        if len(self.found) >= FAULTS_LIMIT:
            raise Enough
