"""How each API is counted, at either kind of server."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.proofs.foreign_world import books, order_books
from tests.proofs.foreign_world.books import Due, Print
from tests.proofs.foreign_world.remotes import Independent, OfficeShelf
from tests.proofs.foreign_world.till import Till


@dataclass(frozen=True, slots=True)
class Books:
    """What is due of a till, and what a server of either kind holds."""

    due: Callable[[Till], Iterator[Due]]
    independent: Callable[[Independent], Iterator[Print]]
    office: Callable[[OfficeShelf], Iterator[Print]]


BOOKS = {
    "retail": Books(books.due_at_retail, books.held_by_retail, books.held_by_office_retail),
    "xtrakit": Books(books.due_at_xtrakit, books.held_by_xtrakit, books.held_by_office_xtrakit),
    "sales": Books(
        order_books.due_at_sales, order_books.held_by_sales, order_books.held_by_office_sales
    ),
    "erp": Books(order_books.due_at_erp, order_books.held_by_erp, order_books.held_by_office_erp),
}
