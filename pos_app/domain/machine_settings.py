"""Which settings belong to a till's own machine: head office neither learns nor changes them."""

from collections.abc import Mapping
from typing import Any

# Names of settings, and after a point what stands inside one.
OF_THE_MACHINE = (
    "printers",
    "kitchen",  # names printers
    "devices",
    "screen",
    "is_training",
    "receipt.logo_path",
    "tenders.terminal",
    "tenders.terminal_target",
    "tenders.terminal_timeout_s",
)


def without_machine(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as plain values without what belongs to the machine."""
    left = {name: _copied(value) for name, value in settings.items()}
    for path in OF_THE_MACHINE:
        name, _, inner = path.partition(".")
        if not inner:
            left.pop(name, None)
        elif isinstance(left.get(name), dict):
            left[name].pop(inner, None)
    return left


def with_machine_of(own: Mapping[str, Any], coming: Mapping[str, Any]) -> dict[str, Any]:
    """Return a till's `own` settings with the shop's that are `coming`, all as plain values.

    What `coming` does not name stays as it is.
    """
    merged = dict(own)
    for name, value in without_machine(coming).items():
        mine = merged.get(name)
        is_part = isinstance(mine, dict) and isinstance(value, dict)
        merged[name] = {**mine, **value} if is_part and mine is not None else value
    return merged


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value
