"""The published samples of the APIs, as files: requests to send, answers to compare shapes with."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data" / "apis"
# What a document writes in place of a value, and the types that it means.
_WORDS: dict[str, tuple[type, ...]] = {"string": (str,), "number": (int, float)}


def transcript(api: str, name: str) -> dict[str, Any]:
    """Return a published sample: title, method, path, request, status and response."""
    return dict(json.loads((DATA / api / f"{name}.json").read_text("utf-8")))


def differences(published: Any, answer: Any, place: str = "") -> list[str]:
    """Return where an answer has other names or types than the published one, in words.

    A published list of one kind of row is held against every row; null stands for any text.
    """
    if isinstance(published, dict):
        return _map_differences(published, answer, place)
    if isinstance(published, list):
        if not isinstance(answer, list):
            return [f"{place} is no list"]
        rows = enumerate(answer) if published else ()
        return [
            fault
            for number, row in rows
            for fault in differences(published[0], row, f"{place}[{number}]")
        ]
    if isinstance(published, str) and published in _WORDS:
        return [] if isinstance(answer, _WORDS[published]) else [f"{place} is {answer!r}"]
    allowed = (str, type(None)) if published is None else (type(published),)
    return [] if isinstance(answer, allowed) else [f"{place} is {answer!r}, not {published!r}"]


def _map_differences(published: dict[str, Any], answer: Any, place: str) -> list[str]:
    if not isinstance(answer, dict):
        return [f"{place} is no map"]
    if list(published) != list(answer):
        return [f"{place} has {list(answer)}, not {list(published)}"]
    return [
        fault
        for name, value in published.items()
        for fault in differences(value, answer[name], f"{place}.{name}")
    ]
