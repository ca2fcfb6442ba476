"""The products that the labels sheet offers, in words, and how each choice is looked up."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pos_app.domain.label_order import LabelOrder, LabelsMade
from pos_app.domain.shop import ShopSettings
from pos_app.services import label_choices
from pos_app.services.labels import today
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.label_offer import LabelOffer
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated

if TYPE_CHECKING:
    from pos_app.store.store import Store

MARKED, FOUND, CATEGORY, ALL, SCANNED = "marked", "found", "category", "all", "scanned"
CHANGED_LAST, CHANGED_TODAY, CHANGED_WEEK = "changed-last", "changed-today", "changed-week"
DELIVERED_TODAY, DELIVERED_WEEK = "delivered-today", "delivered-week"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS_BACK = 6

Orders = tuple[LabelOrder, ...]
Look = Callable[["Store"], Orders]


def offered_choices(
    store: "Store", offer: LabelOffer, scanned: Mapping[str, int]
) -> tuple[Choice, ...]:
    """Return what can be chosen: first what the catalogue shows, then what is always there."""
    amounts = amount_format(store.settings.shop())
    offered: list[Choice] = []
    if scanned:
        count = amounts.count(sum(scanned.values()))
        offered.append(Choice(SCANNED, t("Scanned here: {count}").format(count=count)))
    if offer.found:
        count = amounts.count(len(offer.found))
        offered.append(Choice(FOUND, t("What was searched for: {count}").format(count=count)))
    marked = store.products.get(offer.marked) if offer.marked else None
    if marked is not None:
        offered.append(Choice(MARKED, isolated(marked.name)))
    for category in store.products.categories():
        if category.id == offer.category:
            told = t("Category {name}").format(name=isolated(category.name))
            offered.append(Choice(CATEGORY, told))
    return (
        *offered,
        Choice(CHANGED_LAST, t("Price changed since the last labels")),
        Choice(CHANGED_TODAY, t("Price changed today")),
        Choice(CHANGED_WEEK, t("Price changed in the last 7 days")),
        Choice(DELIVERED_TODAY, t("Delivered today, one for each piece")),
        Choice(DELIVERED_WEEK, t("Delivered in the last 7 days, one for each piece")),
        Choice(ALL, t("All products for sale")),
    )


def look_up(choice: str, offer: LabelOffer, scanned: Mapping[str, int], since: datetime) -> Look:
    """Return what finds the products of a choice in a store."""
    counts = dict(scanned)  # more may be scanned while this one is looked up
    looks: dict[str, Look] = {
        SCANNED: lambda store: label_choices.by_ids(store, counts),
        FOUND: lambda store: label_choices.by_ids(store, dict.fromkeys(offer.found, 1)),
        MARKED: lambda store: label_choices.by_ids(store, {offer.marked: 1}),
        CATEGORY: lambda store: label_choices.of_category(store, offer.category),
        DELIVERED_TODAY: lambda store: label_choices.delivered_since(store, since),
        DELIVERED_WEEK: lambda store: label_choices.delivered_since(store, since),
        ALL: label_choices.of_category,
    }
    return looks.get(choice, lambda store: label_choices.price_changed_since(store, since))


def since_when(choice: str, last: LabelsMade | None, shop: ShopSettings, now: datetime) -> datetime:
    """Return from when on changes count: the last labels for them, or midnight in the shop.

    Where no labels were ever made for changed prices, every price counts as changed.
    """
    if choice == CHANGED_LAST:
        seen = last.changes_seen if last is not None else None
        return seen or _LONG_AGO
    days = 0 if choice in (CHANGED_TODAY, DELIVERED_TODAY) else _DAYS_BACK
    midnight = datetime.combine(today(shop, now) - timedelta(days=days), time())
    return midnight.replace(tzinfo=shop_zone(shop.time_zone)).astimezone(UTC)
