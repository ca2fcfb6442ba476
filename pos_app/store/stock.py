"""Stock: signed movements, and the level they add up to, kept in the same transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from pos_app.domain.stock import MoveReason, StockMove
from pos_app.store.connection import Database
from pos_app.store.errors import QuantityTooFineToStore

PLACES = 6
_MICRO = Decimal(1_000_000)
_MOVE = (
    "INSERT INTO stock_moves (product_id, location, quantity_micro, reason, note, at, "
    "document_id, batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_LEVEL = (
    "INSERT INTO stock_levels VALUES (?, ?, ?) ON CONFLICT (product_id, location) "
    "DO UPDATE SET level_micro = level_micro + excluded.level_micro"
)


# The place of a rule's record is its point of ordering in millionths, exact for every quantity.
# What is low is found first, because most products are not, and few need their names.
_LOW = (
    "WITH low AS MATERIALIZED (SELECT r.id, coalesce(l.level_micro, 0) AS level FROM records r "
    "LEFT JOIN stock_levels l ON l.product_id = r.id AND l.location = ? "
    "WHERE r.record = 'stock_rule' AND r.is_open = 1 "
    "AND coalesce(l.level_micro, 0) <= CAST(r.place AS INTEGER)) "
    "SELECT p.id, p.code, p.name, low.level FROM low JOIN products p ON p.id = low.id "
    "WHERE p.is_active ORDER BY low.level, p.search_text LIMIT ?"
)
_WORTH = (
    "SELECT p.id, p.code, p.name, l.level_micro, json_extract(r.state, '$.average'), p.cost "
    "FROM stock_levels l JOIN products p ON p.id = l.product_id "
    "LEFT JOIN records r ON r.record = 'average_cost' AND r.id = p.id "
    "WHERE l.location = ? AND l.level_micro <> 0 ORDER BY p.search_text"
)


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product at or below its point of ordering."""

    product_id: str
    code: str
    name: str
    level: Decimal


@dataclass(frozen=True, slots=True)
class StockWorth:
    """A product's level at a location and what one costs, in currency units; None is unknown."""

    product_id: str
    code: str
    name: str
    level: Decimal
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class StockMovement:
    """A movement as it was written: what moved, when (UTC), and for which document or entry."""

    move: StockMove
    at: datetime
    document_id: str


_ELSEWHERE = (
    "SELECT coalesce(sum(quantity_micro), 0) FROM elsewhere WHERE product_id = ? AND location = ?"
)


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

    def shop_level(self, product_id: str, location: str) -> Decimal:
        """Return what the shelf holds: this till's level and what the other tills moved there.

        The others are as fresh as head office has told; without one this is the till's own level.
        """
        micro = self._db.value(_ELSEWHERE, (product_id, location))
        return self.level(product_id, location) + quantity_of(micro)

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

    def came_in(self, reason: MoveReason, since: datetime) -> dict[str, Decimal]:
        """Return how much of each product moved for a reason since a moment, by product id.

        Reads every movement once.
        """
        rows = self._db.rows(
            "SELECT product_id, sum(quantity_micro) FROM stock_moves "
            "WHERE reason = ? AND at >= ? GROUP BY product_id ORDER BY min(row)",
            (reason.value, since.astimezone(UTC).isoformat(timespec="milliseconds")),
        )
        return {product_id: quantity_of(micro) for product_id, micro in rows}

    def movements(self, document_id: str, since: int = 0) -> list[StockMovement]:
        """Return what a document moved, in order; reads every movement after row `since`."""
        rows = self._db.rows(
            "SELECT product_id, location, quantity_micro, reason, note, at, batch FROM stock_moves "
            "WHERE row > ? AND document_id = ? ORDER BY row",
            (since, document_id),
        )
        return [
            StockMovement(
                StockMove(row[0], row[1], quantity_of(row[2]), MoveReason(row[3]), row[4], row[6]),
                datetime.fromisoformat(row[5]),
                document_id,
            )
            for row in rows
        ]

    def of_product(self, product_id: str, limit: int = 100) -> list[StockMovement]:
        """Return the last movements of a product, the newest first; may read every movement."""
        rows = self._db.rows(
            "SELECT product_id, location, quantity_micro, reason, note, at, batch, document_id "
            "FROM stock_moves WHERE product_id = ? ORDER BY row DESC LIMIT ?",
            (product_id, limit),
        )
        return [
            StockMovement(
                StockMove(row[0], row[1], quantity_of(row[2]), MoveReason(row[3]), row[4], row[6]),
                datetime.fromisoformat(row[5]),
                row[7],
            )
            for row in rows
        ]

    def low(self, location: str, limit: int = 1000) -> list[LowStock]:
        """Return the products at or below their point of ordering, the emptiest first.

        Looks only at products that have a rule with such a point.
        """
        rows = self._db.rows(_LOW, (location, limit))
        return [LowStock(row[0], row[1], row[2], quantity_of(row[3])) for row in rows]

    def worth(self, location: str) -> Iterator[StockWorth]:
        """Yield every product with stock at a location and its average, else its own, cost."""
        for product_id, code, name, micro, average, cost in self._db.stream(_WORTH, (location,)):
            price = average if average is not None else cost
            yield StockWorth(
                product_id,
                code,
                name,
                quantity_of(micro),
                None if price is None else Decimal(price),
            )


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
                    move.batch,
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
