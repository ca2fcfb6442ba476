"""Which APIs this program speaks; the dialects themselves know nothing of each other.

Each is loaded when a connection needs it: few tills have any.
"""

from collections.abc import Callable
from functools import cache

from pos_app.domain.errors import PosError
from pos_app.sync.dialect import Dialect


class ApiUnknown(PosError):
    """A connection to an API that this program does not speak."""

    sentence = "This program does not speak {api}. Choose one of the APIs on the list."


def dialects_by_api() -> dict[str, Dialect]:
    """Return every dialect by its short name."""
    return {api: dialect_of(api) for api in _DIALECTS}


@cache
def dialect_of(api: str) -> Dialect:
    """Return the dialect of an API; raises ApiUnknown."""
    load = _DIALECTS.get(api)
    if load is None:
        raise ApiUnknown(api=api)
    return load()


def _sales() -> Dialect:
    from pos_app.sync.dialects.sales_api import SalesApi  # noqa: PLC0415 - see above

    return SalesApi()


def _retail() -> Dialect:
    from pos_app.sync.dialects.retail_sale import RetailSaleApi  # noqa: PLC0415 - see above

    return RetailSaleApi()


def _add_sale() -> Dialect:
    from pos_app.sync.dialects.add_sale import AddSaleApi  # noqa: PLC0415 - see above

    return AddSaleApi()


def _feed() -> Dialect:
    from pos_app.sync.dialects.data_feed import DataFeed  # noqa: PLC0415 - see above

    return DataFeed()


def _erp() -> Dialect:
    from pos_app.sync.dialects.erp import ErpApi  # noqa: PLC0415 - see above

    return ErpApi()


_DIALECTS: dict[str, Callable[[], Dialect]] = {
    "sales": _sales,
    "retail": _retail,
    "xtrakit": _add_sale,
    "feed": _feed,
    "erp": _erp,
}
