"""The stand-alone verifier as the proofs use it: loaded from its file, asked about a store."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from tests.proofs.tampering import DAY_SUMS

VERIFIER = Path(__file__).resolve().parents[2] / "resources" / "auditor" / "verify.py"
# What the verifier's own text says it does not look at: not facts, or made anew from facts.
NOT_LOOKED_AT = {
    "schema",  # beyond columns, triggers and views
    "name_words",
    "tax_groups",
    "documents",
    "received",
    "waiting_things",
    "elsewhere",
    "refusals",
    "sync_log",
    "remote_values",
    "remote_ids",
    "attempts",
    "held_steps",
    *DAY_SUMS,
}
_WORD_INDEXES = ("_words", "_parts")


@cache
def verifier() -> Any:
    """The verifier as a module."""
    spec = importlib.util.spec_from_file_location("stand_alone_verify", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report_of(path: Path, known: dict[str, object] | None = None) -> dict[str, Any]:
    """What it reports of a till's file or an export."""
    return dict(verifier().check(str(path), known).plain())


def said_of(path: Path, known: dict[str, object] | None = None) -> list[str]:
    """The sentences of its faults with their places, or why it refused to check at all."""
    try:
        faults = report_of(path, known)["faults"]
    except verifier().CannotCheck as refusal:
        return [str(refusal)]
    return [f"{fault['file']} {fault['where']}: {fault['sentence']}" for fault in faults]


def is_not_looked_at(table: str) -> bool:
    """Whether the verifier says that it does not look at a table."""
    return table in NOT_LOOKED_AT or table.endswith(_WORD_INDEXES)
