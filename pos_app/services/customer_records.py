"""What is known of customers beside their own fields, as the store keeps it."""

from typing import TYPE_CHECKING

from pos_app.domain.credit import CreditTerms
from pos_app.domain.customer_erasure import CustomerErasure
from pos_app.domain.customer_merge import CustomerMerge
from pos_app.domain.price_list import ListPrice, PriceList, list_key
from pos_app.store.records import RecordKind

if TYPE_CHECKING:
    from pos_app.store.store import Store
    from pos_app.store.transaction import Transaction

    Source = Store | Transaction

CREDIT_TERMS = RecordKind("credit_terms", CreditTerms, id_of=lambda terms: terms.customer_id)
PRICE_LIST = RecordKind(
    "price_list",
    PriceList,
    id_of=lambda price_list: list_key(price_list.name),
    place_of=lambda price_list: list_key(price_list.name),
    is_open_of=lambda price_list: price_list.is_active,
)
LIST_PRICE = RecordKind(
    "list_price",
    ListPrice,
    id_of=lambda price: list_price_id(price.price_list, price.product_id),
    place_of=lambda price: list_price_id(price.price_list, price.product_id),
    is_open_of=lambda price: price.price is not None,
)
CUSTOMER_MERGE = RecordKind(
    "customer_merge",
    CustomerMerge,
    id_of=lambda merge: merge.merged_id,
    place_of=lambda merge: f"{merge.survivor_id} {merge.merged_id}",
)
CUSTOMER_ERASURE = RecordKind(
    "customer_erasure",
    CustomerErasure,
    id_of=lambda erasure: erasure.customer_id,
    place_of=lambda erasure: erasure.at.isoformat(timespec="milliseconds"),
)


def list_price_id(price_list: str, product_id: str) -> str:
    """Return the id of a product's price on a list: prices of a list stand together."""
    return f"{list_key(price_list)}\t{product_id}"


def terms_of(source: "Source", customer_id: str) -> CreditTerms | None:
    """Return what is agreed with a customer, or None where nothing is."""
    return source.records.get(CREDIT_TERMS, customer_id) if customer_id else None


def survivor_id(source: "Source", customer_id: str) -> str:
    """Return the id of the customer that one was merged into, or their own."""
    seen: set[str] = set()
    while customer_id not in seen:
        seen.add(customer_id)
        merge = source.records.get(CUSTOMER_MERGE, customer_id)
        if merge is None:
            break
        customer_id = merge.survivor_id
    return customer_id


def merged_ids(source: "Source", customer_id: str) -> list[str]:
    """Return the ids of all customers that were merged into one, also by way of others."""
    found: list[str] = []
    waiting = [customer_id]
    while waiting:
        place = f"{waiting.pop()} "
        merges = source.records.starting_with(CUSTOMER_MERGE, place)
        ids = [merge.merged_id for merge in merges if merge.merged_id not in found]
        found += ids
        waiting += ids
    return found
