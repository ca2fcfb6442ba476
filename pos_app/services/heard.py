"""A journal entry as auditors hear it, and what an auditor is."""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from pos_app.domain.journal import JournalEntry


class Heard:
    """A journal entry with its payload, which is read only if somebody asks for it."""

    def __init__(self, entry: JournalEntry) -> None:
        self.entry = entry

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """What the entry tells; empty where it cannot be read, which other checks say."""
        try:
            told = json.loads(self.entry.payload)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class Auditor(Protocol):
    """Follows one concern through the journal; memory must not grow with the number of sales."""

    def hear(self, heard: Heard) -> None:
        """Take note of an entry, in order; wrong payloads are left to other checks."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (where, sentence) for what does not agree, after the last entry."""
