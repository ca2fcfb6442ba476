"""Shapes of published bodies, each checked to the letter: missing, unknown and wrong is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


class Wrong(Exception):
    """A body that has not the published shape; says where."""


Check = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """What a field holds, and whether it must be there and may be null."""

    holds: "Check | Shape | list[Shape]"
    is_required: bool = True
    may_be_null: bool = False


Shape = Mapping[str, Field]


def check(body: Any, shape: Shape, where: str = "the body") -> None:
    """Compare a body with its shape; raises Wrong."""
    if not isinstance(body, dict):
        raise Wrong(f"{where} is no object")
    for name in body.keys() - shape.keys():
        raise Wrong(f"{where} has an unknown field {name}")
    for name, field in shape.items():
        if name not in body:
            if field.is_required:
                raise Wrong(f"{where} has no {name}")
        elif body[name] is None:
            if not field.may_be_null:
                raise Wrong(f"{name} of {where} is null")
        else:
            _check_field(body[name], field.holds, f"{name} of {where}")


def _check_field(value: Any, holds: "Check | Shape | list[Shape]", where: str) -> None:
    if isinstance(holds, list):
        if not isinstance(value, list):
            raise Wrong(f"{where} is no list")
        for at, one in enumerate(value):
            check(one, holds[0], f"{where}[{at}]")
    elif isinstance(holds, Mapping):
        check(value, holds, where)
    elif not holds(value):
        raise Wrong(f"{where} is {value!r}")


def text(value: Any) -> bool:
    """Any text."""
    return isinstance(value, str)


def words(value: Any) -> bool:
    """A text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def number(value: Any) -> bool:
    """A JSON number that is finite."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and abs(value) < 10**15


def positive(value: Any) -> bool:
    """A number above zero."""
    return number(value) and value > 0


def whole(value: Any) -> bool:
    """A whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def day(value: Any) -> bool:
    """A day as YYYY-MM-DD."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def matches(pattern: str) -> Check:
    """A text that is of a pattern from end to end."""
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def one_of(*choices: str) -> Check:
    """One of these texts."""
    return lambda value: isinstance(value, str) and value in choices


def optional(holds: "Check | Shape | list[Shape]") -> Field:
    """A field that may be missing."""
    return Field(holds, is_required=False)


def maybe(holds: "Check | Shape | list[Shape]") -> Field:
    """A field that may be missing or null."""
    return Field(holds, is_required=False, may_be_null=True)
