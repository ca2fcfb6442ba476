"""Reads JSON field by field with suspicion; each refusal names the field in one sentence."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from pos_app.domain.errors import PosError
from pos_app.domain.money import MINOR_DIGITS, Money, StepTooFine, step_minor

PLACES = 6
_NUMBER = re.compile(rf"-?[0-9]{{1,12}}(\.[0-9]{{1,{PLACES}}})?")
_SHOWN_LIMIT = 40

E = TypeVar("E", bound=StrEnum)


class PriceInputError(PosError):
    """The input is not what `pos-app price` reads; names the field and says what it must be."""

    sentence = "{field} {problem}."


class _Bare(str):
    """A JSON number as it was written, never converted: numbers belong in quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object being read; `path` is how its fields are called in refusals."""

    path: str
    values: Mapping[str, Any]

    def name(self, key: str) -> str:
        """What the field is called in a refusal."""
        return f"{self.path}.{key}" if self.path else key

    def get(self, key: str) -> Any:
        """The field as JSON gave it, or None."""
        return self.values.get(key)


def read_top(text: str | bytes) -> Fields:
    """Read the outermost object of `text` (UTF-8 where it is bytes)."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            refuse("The input", f"must be UTF-8 text; byte {error.start + 1} is not")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        refuse("The input", "is empty; it must be a JSON object")
    try:
        value = json.loads(
            text,
            parse_int=_Bare,
            parse_float=_Bare,
            parse_constant=_Bare,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        refuse("The input", f"is not JSON at line {error.lineno}, column {error.colno}")
    except RecursionError:
        refuse("The input", "is nested too deeply")
    return _fields(value, "")


def read_object(fields: Fields, key: str) -> Fields:
    """Return the object under `key`; a missing one or null has no fields."""
    value = fields.get(key)
    return Fields(fields.name(key), {}) if value is None else _fields(value, fields.name(key))


def read_objects(fields: Fields, key: str, limit: int, required: bool = False) -> list[Fields]:
    """Return the objects of the list under `key`; a missing one or null is empty."""
    value, name = fields.get(key), fields.name(key)
    if value is None and not required:
        return []
    if not isinstance(value, list):
        refuse(name, "is missing; it must be a list" if value is None else "must be a list")
    if len(value) > limit:
        refuse(name, f"must not have more than {limit} entries")
    return [_fields(entry, f"{name}[{index}]") for index, entry in enumerate(value)]


def _fields(value: Any, path: str) -> Fields:
    if not isinstance(value, dict):
        refuse(path or "The input", f"must be a JSON object, not {shown(value)}")
    twice = value.get(_TWICE)
    if twice is not None:
        refuse(Fields(path, {}).name(twice), "appears twice")
    return Fields(path, value)


def refuse_unknown(fields: Fields, names: str) -> None:
    """Refuse any field that is not among `names` (separated by spaces)."""
    for key in fields.values:
        if key not in names.split():
            allowed = ", ".join(names.split())
            refuse(fields.name(_key(key)), f"is not a field here; the fields are {allowed}")


def read_number(
    fields: Fields, key: str, least: Decimal | None = Decimal(0), most: Decimal | None = None
) -> Decimal:
    """Return the number in quotes under `key`, between `least` and `most`."""
    value, name = fields.get(key), fields.name(key)
    if value is None:
        refuse(name, 'is missing; it must be a number in quotes such as "12.50"')
    if isinstance(value, _Bare) and _NUMBER.fullmatch(value):
        refuse(name, f'must be written in quotes: "{value}"')
    if not isinstance(value, str):
        refuse(name, f'must be a number in quotes such as "12.50", not {shown(value)}')
    if not _NUMBER.fullmatch(value):
        refuse(name, _number_problem(value))
    number = Decimal(value)
    if least is not None and number < least:
        refuse(name, f"must be {least} or more, not {value}")
    if most is not None and number > most:
        refuse(name, f"must be {most} or less, not {value}")
    return number


def _number_problem(value: str) -> str:
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", value) and len(value.partition(".")[2]) > PLACES:
        return f"must have at most {PLACES} decimal places, not {shown(value)}"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return f"must have at most 12 digits before the point, not {shown(value)}"
    return f'must be a plain number such as "12.50", not {shown(value)}'


def read_optional_number(fields: Fields, key: str, most: Decimal | None = None) -> Decimal | None:
    """Return the number under `key` from 0, or None where it is missing or null."""
    return None if fields.get(key) is None else read_number(fields, key, most=most)


def read_optional_money(fields: Fields, key: str, currency: str) -> Money | None:
    """Return the amount under `key`, or None; refuses more places than the currency has."""
    if fields.get(key) is None:
        return None
    number = read_number(fields, key, least=None)
    places = MINOR_DIGITS[currency]
    if number != round(number, places):
        refuse(fields.name(key), f"must have at most {places} decimal places in {currency}")
    return Money.of(number, currency)


def read_flag(fields: Fields, key: str) -> bool | None:
    """Return true, false or, where it is missing or null, None."""
    value = fields.get(key)
    if value is not None and not isinstance(value, bool):
        refuse(fields.name(key), f"must be true or false, not {shown(value)}")
    return value


def read_choice(fields: Fields, key: str, kind: type[E], default: E | None) -> E:
    """Return the named choice under `key`, or the default where it is missing or null."""
    value = fields.get(key)
    if value is None and default is not None:
        return default
    if isinstance(value, str) and not isinstance(value, _Bare) and value in set(kind):
        return kind(value)
    choices = ", ".join(member.value for member in kind)
    problem = f"must be one of {choices}, not {shown(value)}"
    raise PriceInputError(field=fields.name(key), problem=problem)


def check_step(step: Decimal, currency: str, name: str) -> None:
    """Refuse a rounding step that is no multiple of the smallest unit."""
    try:
        step_minor(step, currency)
    except StepTooFine as refusal:
        smallest = refusal.fields["smallest"]
        refuse(name, f"must be a multiple of {smallest} above zero, not {step:f}")


# Marks an object with a field given twice; no JSON key can be this, because it is no string.
_TWICE = None


def _unique(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """The object, with its first repeated field remembered: JSON leaves open which one counts."""
    values: dict[Any, Any] = {}
    for key, value in pairs:
        if key in values:
            values.setdefault(_TWICE, _key(key))
        values[key] = value
    return values


def _key(key: object) -> str:
    """A field's name as it may be shown: plain where it is plain, quoted and cut where not."""
    return str(key) if re.fullmatch(r"\w{1,40}", str(key), re.ASCII) else shown(str(key))


def shown(value: object) -> str:
    """A value in words, short and without control characters or stray surrogates."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _Bare):
        return f"the bare number {_cut(value)}"
    if isinstance(value, str):
        return ascii(_cut(value))
    return "a list" if isinstance(value, list) else "an object"


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN_LIMIT else value[:_SHOWN_LIMIT] + "..."


def refuse(field: str, problem: str) -> NoReturn:
    """Raise the refusal of a field."""
    raise PriceInputError(field=field, problem=problem)
