"""Checking the sums of the days: each must be what its documents and facts come to."""

from collections.abc import Iterator

from pos_app.domain.plain import UNREADABLE
from pos_app.services.heard import Heard
from pos_app.store.errors import StoreRefusal
from pos_app.store.inspection import Inspection


class DayAudit:
    """Makes the sums once more when the journal has been heard."""

    def __init__(self, inspection: Inspection) -> None:
        self._store = inspection

    def hear(self, heard: Heard) -> None:
        """Take no note of an entry: the sums are of rows and of entries that others check."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield the day and the figure of each sum that is uneven."""
        try:
            yield from self._store.uneven_day_sums()
        except (StoreRefusal, *UNREADABLE) as failure:
            yield "day sums", f"the sums of the days cannot be made once more: {failure}"
