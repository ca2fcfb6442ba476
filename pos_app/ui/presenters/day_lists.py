"""The lists of the day: ways to pay, taxes, products, categories and what the stock says."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pos_app.domain.day_figures import ProductSum, ReceiptQuery, TenderSum, share
from pos_app.domain.day_review import DayReview, SlowProduct
from pos_app.domain.day_words import method_words
from pos_app.texts import t
from pos_app.ui.presenters.day_attention import INVOICE_SCREEN, STOCK_SCREEN
from pos_app.ui.presenters.day_state import BarRow, ListView, Target
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import Tone

MOST_PRODUCTS = 8
MOST_CATEGORIES = 8
MOST_SHORT = 5
Listed = tuple[ListView, dict[str, Target]]


def tenders_of(review: DayReview, say: DayWriting) -> Listed:
    """Return the ways to pay by what they brought, with their shares."""
    rows, targets = [], {}
    # What was given back would make shares that nobody understands.
    total = sum(max(_kept(one), 0) for one in review.tenders)
    for one in sorted(review.tenders, key=_kept, reverse=True):
        key = f"tender:{one.method}"
        name, kept = t(method_words(one.method)), _kept(one)
        note = [_times(one.count, say)]
        if one.given_back:
            note.append(t("{amount} given back").format(amount=isolated(say.minor(one.given_back))))
        rows.append(_bar(key, name, kept, total, say, tuple(note)))
        targets[key] = Target(name, replace(_all(review), method=one.method))
    return ListView(t("How it was paid"), tuple(rows), t("Nobody paid anything.")), targets


def taxes_of(review: DayReview, say: DayWriting) -> Listed:
    """Return the taxes with what they were taken of."""
    rows, targets = [], {}
    for place, one in enumerate(review.taxes):
        key = f"tax:{place}"
        name = one.name or one.code
        if one.rate and one.rate not in name:
            name = f"{name} {isolated(say.percent(Decimal(one.rate)))}"
        note = t("on {amount}").format(amount=isolated(say.minor(one.base)))
        rows.append(BarRow(key, name, say.minor(one.amount), note))
        targets[key] = Target(name, replace(_all(review), tax_code=one.code))
    return ListView(t("Tax"), tuple(rows), t("No tax was charged.")), targets


def top_of(review: DayReview, say: DayWriting) -> Listed:
    """Return the products that brought most, bars against the best."""
    rows, targets = [], {}
    best = max((one.takings for one in review.top_products), default=0)
    for place, one in enumerate(review.top_products[:MOST_PRODUCTS]):
        key = f"product:{place}"
        bar = _permille(one.takings, best)
        rows.append(BarRow(key, one.name, say.minor(one.takings), _product_note(one, say), bar))
        targets[key] = Target(one.name, _of_product(review, one))
    return ListView(t("What sold best"), tuple(rows), t("Nothing was sold.")), targets


def categories_of(review: DayReview, say: DayWriting) -> Listed:
    """Return the categories with their shares of the takings."""
    rows, targets = [], {}
    total = sum(max(one.takings, 0) for one in review.categories)
    for one in review.categories[:MOST_CATEGORIES]:
        key = f"category:{one.category_id}"
        name = one.name or t("In no category")
        pieces = t("{count} pieces").format(count=say.number(one.items))
        rows.append(_bar(key, name, one.takings, total, say, (pieces,)))
        targets[key] = Target(name, replace(_all(review), category_id=one.category_id))
    return ListView(t("Categories"), tuple(rows), t("Nothing was sold.")), targets


def slow_of(review: DayReview, say: DayWriting) -> Listed:
    """Return what lies on the shelf and nobody buys; each leads to the stock."""
    rows = [
        BarRow("to:stock", one.name, say.number(one.level), _last_sold(one, say))
        for one in review.slow_products[:MOST_SHORT]
    ]
    empty = t("Everything in stock was sold within four weeks.")
    about = _more(len(review.slow_products), say)
    view = ListView(t("What does not sell"), tuple(rows), empty, about)
    return view, {"to:stock": Target(screen=STOCK_SCREEN)}


def low_of(review: DayReview, say: DayWriting) -> Listed:
    """Return what is short; each leads to the stock."""
    rows = [
        BarRow(
            "to:stock",
            one.name,
            say.number(one.level),
            t("order from {level}").format(level=say.number(one.reorder_level)),
            tone=Tone.DANGER if one.level <= 0 else Tone.WARNING,
        )
        for one in review.low_stock[:MOST_SHORT]
    ]
    about = _more(len(review.low_stock), say)
    view = ListView(t("Low stock"), tuple(rows), t("Enough of everything."), about)
    return view, {"to:stock": Target(screen=STOCK_SCREEN)}


def overdue_of(review: DayReview, say: DayWriting) -> Listed:
    """Return the invoices that should have been paid; they lead to the invoices."""
    late = review.overdue
    rows: tuple[BarRow, ...] = ()
    if late is not None and late.count:
        word = t("{count} invoices").format(count=say.count(late.count))
        if late.count == 1:
            word = t("1 invoice")
        rows = (BarRow("to:invoices", word, say.money(late.amount), tone=Tone.WARNING),)
    view = ListView(t("Overdue invoices"), rows, t("No invoice is overdue."))
    return view, {"to:invoices": Target(screen=INVOICE_SCREEN)}


def _kept(one: TenderSum) -> int:
    return one.taken - one.given_back


def _all(review: DayReview) -> ReceiptQuery:
    return ReceiptQuery(review.period.start, review.period.end, review.currency)


def _of_product(review: DayReview, one: ProductSum) -> ReceiptQuery:
    """The receipts of a product; lines without one are known by their name."""
    if one.product_id:
        return replace(_all(review), product_id=one.product_id)
    return replace(_all(review), product_name=one.name)


def _bar(
    key: str, name: str, amount: int, total: int, say: DayWriting, notes: Sequence[str]
) -> BarRow:
    percent = share(amount, total)
    told = list(notes) if percent is None or amount < 0 else [say.percent(percent), *notes]
    return BarRow(key, name, say.minor(amount), " · ".join(told), _permille(amount, total))


def _permille(part: int, whole: int) -> int:
    return max(part, 0) * 1000 // whole if whole > 0 else 0


def _times(count: int, say: DayWriting) -> str:
    return t("1 payment") if count == 1 else t("{count} payments").format(count=say.count(count))


def _product_note(one: ProductSum, say: DayWriting) -> str:
    sold = t("{quantity} sold").format(quantity=isolated(say.number(one.quantity)))
    percent = share(one.costed_net - one.cost, one.costed_net)
    if percent is None or not one.cost:
        return sold
    return f"{sold} · {t('margin {percent}').format(percent=isolated(say.percent(percent)))}"


def _last_sold(one: SlowProduct, say: DayWriting) -> str:
    if one.last_sold is None:
        return t("never sold")
    return t("last sold {day}").format(day=isolated(day_words(one.last_sold, say.shop)))


def _more(count: int, say: DayWriting) -> str:
    left = count - MOST_SHORT
    return t("{count} more on the stock screen").format(count=say.count(left)) if left > 0 else ""
