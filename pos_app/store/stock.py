"""Stock: signed movements, and the level they add up to, kept in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pos_app.domain.stock import MoveReason, StockMove
from pos_app.store.connection import Database
from pos_app.store.errors import QuantityTooFineToStore

PLACES = 6
_MICRO = Decimal(1_000_000)
_MOVE = (
    "INSERT INTO stock_moves (product_id, location, quantity_micro, reason, note, at, document_id) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_LEVEL = (
    "INSERT INTO stock_levels VALUES (?, ?, ?) ON CONFLICT (product_id, location) "
    "DO UPDATE SET level_micro = level_micro + excluded.level_micro"
)


@dataclass(frozen=True, slots=True)
class StockMovement:
    """A movement as it was written: what moved, when (UTC), and for which document or entry."""

    move: StockMove
    at: datetime
    document_id: str


class Stock:
    """Stock for reading."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def level(self, product_id: str, location: str) -> Decimal:
        """Return how many units of a product are at a location."""
        micro = self._db.value(
            "SELECT level_micro FROM stock_levels WHERE product_id = ? AND location = ?",
            (product_id, location),
        )
        return quantity_of(micro or 0)

    def levels(self, product_id: str) -> dict[str, Decimal]:
        """Return the level at each location that ever had the product."""
        rows = self._db.rows(
            "SELECT location, level_micro FROM stock_levels WHERE product_id = ?", (product_id,)
        )
        return {location: quantity_of(micro) for location, micro in rows}

    def locations(self) -> list[str]:
        """Return every location that ever had stock, by name."""
        rows = self._db.rows("SELECT DISTINCT location FROM stock_levels ORDER BY location")
        return [location for (location,) in rows]

    def notes(self, *reasons: MoveReason) -> set[tuple[datetime, str]]:
        """Return when (UTC) stock moved for one of `reasons` and what was noted with it.

        Reads every movement once.
        """
        marks = ", ".join("?" * len(reasons))
        rows = self._db.stream(
            f"SELECT DISTINCT at, note FROM stock_moves WHERE reason IN ({marks})",
            [reason.value for reason in reasons],
        )
        return {(datetime.fromisoformat(at), note) for at, note in rows}

    def movements(self, document_id: str, since: int = 0) -> list[StockMovement]:
        """Return what a document moved, in order; reads every movement after row `since`."""
        rows = self._db.rows(
            "SELECT product_id, location, quantity_micro, reason, note, at FROM stock_moves "
            "WHERE row > ? AND document_id = ? ORDER BY row",
            (since, document_id),
        )
        return [
            StockMovement(
                StockMove(row[0], row[1], quantity_of(row[2]), MoveReason(row[3]), row[4]),
                datetime.fromisoformat(row[5]),
                document_id,
            )
            for row in rows
        ]


class StockWriter(Stock):
    """Stock inside a transaction."""

    def move(self, moves: Iterable[StockMove], at: datetime, document_id: str) -> None:
        """Write movements and their levels; a fact that lists them belongs beside them.

        Raises QuantityTooFineToStore, or RowRefused for a product that the store does not have.
        """
        moment = at.isoformat(timespec="milliseconds")
        rows = []
        levels = []
        for move in moves:
            micro = micro_of(move.quantity)
            rows.append(
                (
                    move.product_id,
                    move.location,
                    micro,
                    move.reason.value,
                    move.note,
                    moment,
                    document_id,
                )
            )
            levels.append((move.product_id, move.location, micro))
        self._db.many(_MOVE, rows)
        self._db.many(_LEVEL, levels)


def micro_of(quantity: Decimal) -> int:
    """Return a quantity in millionths of a unit; raises QuantityTooFineToStore."""
    scaled = quantity * _MICRO
    micro = int(scaled)
    if micro != scaled:
        raise QuantityTooFineToStore(quantity=quantity)
    return micro


def quantity_of(micro: int) -> Decimal:
    """Return millionths of a unit as a quantity without trailing zeros after the point."""
    whole, rest = divmod(micro, 1_000_000)
    if rest == 0:
        return Decimal(whole)
    return Decimal(f"{Decimal(micro).scaleb(-PLACES):f}".rstrip("0"))
