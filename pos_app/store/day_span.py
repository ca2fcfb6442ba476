"""Some business days, as the sums of days are asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from pos_app.domain.day_figures import SLOT_S


@dataclass(frozen=True, slots=True)
class Span:
    """Business days of one currency, both within, and the quarter hours of the shop's clock.

    `first_slot` is the first quarter hour since 1970 (UTC) and `end_slot` the one after the last.
    """

    start: date
    end: date
    currency: str
    first_slot: int
    end_slot: int

    @property
    def values(self) -> tuple[str, str, str]:
        """The days and the currency as the tables write them."""
        return self.start.isoformat(), self.end.isoformat(), self.currency


def slot_of(moment: datetime) -> int:
    """Return the quarter hour of a moment, counted since 1970 (UTC)."""
    return int(moment.timestamp()) // SLOT_S
