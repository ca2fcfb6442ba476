"""The mark beside the store: how far its journal had come when the till was last closed.

A store that was replaced by an older copy of itself is whole and signed, but its journal ends
before the mark. The mark is no secret and no proof: who replaces it too is found out only by
paper receipts and by head office.
"""

import json
import logging
from pathlib import Path

from pos_app.store.state import Head

SEEN = ".seen"
_log = logging.getLogger(__name__)


def write_seen(path: Path, store_id: str, head: Head) -> None:
    """Remember the journal's end; a mark that cannot be written is only told in the log."""
    file = path.with_name(path.name + SEEN)
    part = path.with_name(path.name + SEEN + ".part")
    try:
        text = json.dumps({"store": store_id, "seq": head.seq, "hash": head.hash})
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as failure:
        _log.warning("the mark %s could not be written: %s", file, failure)


def read_seen(path: Path, store_id: str) -> Head | None:
    """Return what was remembered of this store, or None where there is no mark that can be read."""
    try:
        told = json.loads(path.with_name(path.name + SEEN).read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or told.get("store") != store_id:
        return None
    seq, hashed = told.get("seq"), told.get("hash")
    return Head(seq, hashed) if isinstance(seq, int) and isinstance(hashed, str) else None
