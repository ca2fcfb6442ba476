"""Comparing two accounts of the same sales: ours and somebody else's, document by document.

Documents belong together by their reference. What both sides tell must be the same to the last
digit; whoever says nothing of a figure (None) does not differ in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from pos_app.domain.sales_feed import FeedDocument, FeedLine

Value = str | date | Decimal | int | None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that both sides tell differently; a line's field names the line, from 1."""

    field: str
    ours: Value
    theirs: Value


@dataclass(frozen=True, slots=True)
class Differing:
    """A document that both sides have, and not alike."""

    ours: FeedDocument
    theirs: FeedDocument
    differences: tuple[FieldDifference, ...]

    @property
    def reference(self) -> str:
        """What both sides call it."""
        return self.ours.reference


@dataclass(frozen=True, slots=True)
class Doubled:
    """A reference that one side has more than once; it is compared with nothing."""

    reference: str
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How two accounts of the same sales agree; each list is in the order in which it was told."""

    same: tuple[FeedDocument, ...]
    missing_here: tuple[FeedDocument, ...]
    missing_there: tuple[FeedDocument, ...]
    differing: tuple[Differing, ...]
    doubled: tuple[Doubled, ...]

    @property
    def is_same(self) -> bool:
        """Whether both sides tell exactly the same."""
        return not (self.missing_here or self.missing_there or self.differing or self.doubled)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are compared, both within; None is without end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is within."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def reconcile_period(
    ours: Iterable[FeedDocument], theirs: Iterable[FeedDocument], period: Period
) -> Reconciliation:
    """Compare the documents that either side dates within a period.

    So a wrong day shows as one, and not as a document that is missing.
    """
    here, there = list(ours), list(theirs)
    meant = {one.reference for one in (*here, *there) if period.holds(one.day)}
    return reconcile(
        (one for one in here if one.reference in meant),
        (one for one in there if one.reference in meant),
    )


def reconcile(ours: Iterable[FeedDocument], theirs: Iterable[FeedDocument]) -> Reconciliation:
    """Compare our documents with theirs.

    A reference that either side has more than once is told as doubled and not compared.
    """
    here, there = _by_reference(ours), _by_reference(theirs)
    references = list(dict.fromkeys([*here, *there]))
    doubled = [
        Doubled(one, len(here.get(one, ())), len(there.get(one, ())))
        for one in references
        if len(here.get(one, ())) > 1 or len(there.get(one, ())) > 1
    ]
    left_out = {one.reference for one in doubled}
    single = [one for one in references if one not in left_out]
    both = [(here[one][0], there[one][0]) for one in single if one in here and one in there]
    compared = [(mine, other, differences(mine, other)) for mine, other in both]
    return Reconciliation(
        same=tuple(mine for mine, _, found in compared if not found),
        missing_here=tuple(there[one][0] for one in single if one not in here),
        missing_there=tuple(here[one][0] for one in single if one not in there),
        differing=tuple(Differing(mine, other, found) for mine, other, found in compared if found),
        doubled=tuple(doubled),
    )


def differences(ours: FeedDocument, theirs: FeedDocument) -> tuple[FieldDifference, ...]:
    """Return what two accounts of one document tell differently, the head before the lines."""
    found = list(_differing(_HEAD, ours, theirs))
    if len(ours.lines) != len(theirs.lines):
        found.append(FieldDifference("lines", len(ours.lines), len(theirs.lines)))
        return tuple(found)
    for number, mine, other in _unlike(ours.lines, theirs.lines):
        found += (
            FieldDifference(f"line {number} {one.field}", one.ours, one.theirs)
            for one in _differing(_LINE, mine, other)
        )
    return tuple(found)


def _unlike(
    ours: Sequence[FeedLine], theirs: Sequence[FeedLine]
) -> Iterable[tuple[int, FeedLine, FeedLine]]:
    """Pair the lines that have no equal on the other side, in order; `ours` are numbered from 1."""
    left = list(theirs)
    unlike = []
    for number, mine in enumerate(ours, 1):
        equal = next((one for one in left if not any(_differing(_LINE, mine, one))), None)
        if equal is None:
            unlike.append((number, mine))
        else:
            left.remove(equal)
    return [(number, mine, other) for (number, mine), other in zip(unlike, left, strict=True)]


_Field = tuple[str, Callable[[object], Value]]


def _fields(*names: str) -> tuple[_Field, ...]:
    return tuple((name, attrgetter(name)) for name in names)


_HEAD = _fields("day", "due", "currency", "net", "tax", "gross", "outstanding")
_LINE = _fields("name", "identifier", "quantity", "net", "tax", "gross")


def _differing(
    fields: Sequence[_Field], ours: FeedDocument | FeedLine, theirs: FeedDocument | FeedLine
) -> Iterable[FieldDifference]:
    for name, value in fields:
        mine, other = value(ours), value(theirs)
        if mine is not None and other is not None and mine != other:
            yield FieldDifference(name, mine, other)


def _by_reference(documents: Iterable[FeedDocument]) -> Mapping[str, list[FeedDocument]]:
    found: dict[str, list[FeedDocument]] = {}
    for document in documents:
        found.setdefault(document.reference, []).append(document)
    return found
