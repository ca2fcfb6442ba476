"""Domain values as plain JSON values and back, guided by the types of their dataclasses."""

import dataclasses
import json
import types
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pos_app.domain.errors import PosError

Value = TypeVar("Value")
_Turn = Callable[[Any], Any]
# What reading a text that we did not write may raise.
UNREADABLE = (
    PosError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


def to_text(value: object) -> str:
    """Write a dataclass of the domain as JSON; Decimals become strings, never floats."""
    return json.dumps(to_plain(value), separators=(",", ":"), ensure_ascii=False)


def from_text(kind: type[Value], text: str) -> Value:
    """Read what `to_text` wrote; fields that are missing keep their defaults."""
    reader: _Turn = _reader(cast("Any", kind))
    result: Value = reader(json.loads(text))
    return result


def to_plain(value: object) -> Any:
    """Return a value as strings, integers, booleans, lists and maps."""
    kind: Any = type(value)
    return _writer(kind)(value)


def from_plain(kind: type[Value], plain: Any) -> Value:
    """Return a `kind` from what `to_plain` gave."""
    reader: _Turn = _reader(cast("Any", kind))
    result: Value = reader(plain)
    return result


@cache
def _writer(kind: Any) -> _Turn:
    """How a value of exactly `kind` is written."""
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
        return lambda value: {name: to_plain(getattr(value, name)) for name in names}
    if kind is tuple:
        return lambda value: [to_plain(part) for part in value]
    if kind is Decimal:
        return str
    if issubclass(kind, Enum):
        return lambda value: value.value
    if kind in (datetime, date):
        return lambda value: value.isoformat()
    return lambda value: value


@cache
def _reader(kind: Any) -> _Turn:
    """How a declared type is read back."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind)
    if origin is tuple:
        return _tuple(kind)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    if kind is Decimal:
        return _decimal
    if isinstance(kind, type) and issubclass(kind, Enum):
        turn: _Turn = kind
        return turn
    if kind in (datetime, date):
        return kind.fromisoformat  # type: ignore[no-any-return]
    return _exactly(kind) if kind in (str, int, bool) else lambda plain: plain


def _exactly(kind: type) -> _Turn:
    def read(plain: Any) -> Any:
        if type(plain) is not kind:
            raise TypeError(f"{plain!r:.40} stands where a {kind.__name__} should")
        return plain

    return read


def _decimal(plain: Any) -> Decimal:
    number = Decimal(_exactly(str)(plain))
    if not number.is_finite():
        raise ValueError(f"{number} is no figure")
    return number


def _optional(kind: Any) -> _Turn:
    inner = [part for part in get_args(kind) if part is not types.NoneType]
    read = _reader(inner[0])
    return lambda plain: None if plain is None else read(plain)


def _tuple(kind: Any) -> _Turn:
    read = _reader(get_args(kind)[0])
    is_list = _exactly(list)
    return lambda plain: tuple(read(part) for part in is_list(plain))


def _dataclass(kind: Any) -> _Turn:
    hints = get_type_hints(kind)
    fields = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}

    is_map = _exactly(dict)

    def read(plain: dict[str, Any]) -> Any:
        is_map(plain)
        return kind(**{name: turn(plain[name]) for name, turn in fields.items() if name in plain})

    return read
