"""Walks through the stock movements beside the journal, and sums what they moved."""

from collections import deque
from decimal import Decimal

from pos_app.services.faults import FaultKind, Faults
from pos_app.store.inspection import Inspection, ReadMove

_LOOK_AHEAD = 1_000


class MovementCheck:
    """Hands out each document's movements in order; those of none are faults, as are odd levels."""

    def __init__(self, inspection: Inspection, faults: Faults) -> None:
        self._store = inspection
        self._faults = faults
        self._moves = inspection.moves()
        self._waiting: deque[ReadMove] = deque()
        self._levels: dict[tuple[str, str], Decimal] = {}
        self.count = 0

    def of(self, document_id: str) -> list[ReadMove]:
        """Take the next movements if they are this document's; strays before them are faults."""
        if self._ahead(0) is None:
            return []
        strays = 0
        while strays < _LOOK_AHEAD:
            ahead = self._ahead(strays)
            if ahead is None or ahead.document_id == document_id:
                break
            strays += 1
        ahead = self._ahead(strays)
        if ahead is None or ahead.document_id != document_id:
            return []
        for _ in range(strays):
            self._stray(self._waiting.popleft())
        taken = []
        while (ahead := self._ahead(0)) is not None and ahead.document_id == document_id:
            taken.append(self._waiting.popleft())
        return taken

    def close(self) -> None:
        """Let go of the movements that were not read, while the store is still open."""
        self._moves = iter(())

    def put_back(self, moves: list[ReadMove]) -> None:
        """Give back what was taken last."""
        self._waiting.extendleft(reversed(moves))

    def check_rest(self) -> None:
        """Call every movement that is left a fault: nothing in the journal tells of it."""
        while self._ahead(0) is not None:
            self._stray(self._waiting.popleft())

    def check_levels(self) -> None:
        """Compare the levels on the shelf with the sums of their movements."""
        for product_id, location, level in self._store.levels():
            moved = self._levels.pop((product_id, location), None)
            if moved != level:
                words = f"the level is {level}, its movements sum to {moved or 0}"
                self._fault_of_level(product_id, location, words)
        for (product_id, location), moved in self._levels.items():
            if moved:
                self._fault_of_level(product_id, location, f"{moved} moved, but there is no level")

    def _fault_of_level(self, product_id: str, location: str, words: str) -> None:
        name = self._store.product_name(product_id)
        self._faults.add(FaultKind.STOCK, name, f"{name} at {location}: {words}")

    def _ahead(self, distance: int) -> ReadMove | None:
        while len(self._waiting) <= distance:
            read = next(self._moves, None)
            if read is None:
                return None
            self._add_up(read)
            self._waiting.append(read)
        return self._waiting[distance]

    def _add_up(self, read: ReadMove) -> None:
        self.count += 1
        key = (read.move.product_id, read.move.location)
        self._levels[key] = self._levels.get(key, Decimal(0)) + read.move.quantity

    def _stray(self, read: ReadMove) -> None:
        name = self._store.product_name(read.move.product_id)
        sentence = f"movement {read.row} of {name} belongs to nothing that the journal tells of"
        self._faults.add(FaultKind.STOCK, f"movement {read.row}", sentence)
