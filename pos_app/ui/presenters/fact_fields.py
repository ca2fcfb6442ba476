"""What fills the blanks of a fact's sentence, kind by kind."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from pos_app.domain.approval import Action
from pos_app.domain.cart import SaleKind
from pos_app.domain.facts import FactKind as F
from pos_app.domain.payment import TenderMethod
from pos_app.domain.stock import MoveReason
from pos_app.domain.stored_value import ValueKind
from pos_app.domain.words import Later, later
from pos_app.texts import t
from pos_app.ui.presenters.approval_words import action_name
from pos_app.ui.presenters.document_words import state_word
from pos_app.ui.presenters.fact_cash_fields import (
    counting_fields,
    movement_fields,
    reading_fields,
    shift_fields,
)
from pos_app.ui.presenters.fact_told import Told
from pos_app.ui.presenters.fact_words import fact_word
from pos_app.ui.presenters.office_words import method_words, reason_words, sale_kind_words
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.sync_words import kind_words

Fields = dict[str, str]
_VALUE_KINDS: dict[str, Later] = {
    ValueKind.GIFT_CARD.value: later("Gift card"),
    ValueKind.STORE_CREDIT.value: later("Store credit"),
    ValueKind.DEPOSIT.value: later("Deposit"),
    ValueKind.POINTS.value: later("Points"),
    "account": later("Account"),
}
_VALUE_ACTIONS: dict[str, Later] = {
    "issue": later("issued"),
    "top_up": later("topped up"),
    "redeem": later("paid with"),
    "refund": later("refunded to"),
    "take_back": later("taken back"),
    "expire": later("expired"),
    "block": later("blocked"),
    "unblock": later("released"),
    "confirm": later("confirmed"),
}
_HOWS: dict[str, Later] = {
    "pin": later("PIN"),
    "badge": later("badge"),
    "code": later("approval code"),
    "lock": later("locked"),
    "idle": later("locked by itself"),
    "change": later("another cashier"),
    "closed": later("till closed"),
    "start": later("till started"),
    "first": later("first on the staff"),
}
_NAMES_SHOWN = 4


def fields_of(kind: F, told: Told) -> Fields:
    """Return what fills the blanks of a kind's sentences; empty is what the payload lacks."""
    fields = _common(kind, told)
    special = _SPECIAL.get(kind)
    if special is not None:
        # A payload of another shape than this program writes fills no blanks.
        with suppress(ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
            fields |= special(told)
    return fields


def _common(kind: F, told: Told) -> Fields:
    """What most payloads have in the same place."""
    text = told.text
    return {
        "word": fact_word(kind),
        "name": text("name") or text("state.name") or text("state.head.customer.name"),
        "code": text("code") or text("state.code"),
        "number": text("number") or text("state.number") or text("state.head.number"),
        "reason": text("reason") or text("state.reason"),
        "amount": told.money("amount") or told.money("gross") or told.money("state.amount"),
        "quantity": told.number("quantity") or told.number("state.quantity"),
        "lines": told.count("lines"),
        "count": told.count("count"),
        "why": text("state.why") or text("why"),
        "price": told.price("unit_price") or told.price("price"),
        "list_price": told.price("list_price"),
    }


def _sale(told: Told) -> Fields:
    words, methods = sale_kind_words(), method_words()
    kind = SaleKind(str(told.value("kind")))
    paid = dict.fromkeys(str(one.get("method")) for one in told.items("tenders"))
    return {
        "kind": t("Receipt") if kind is SaleKind.SALE else words[kind],
        "methods": ", ".join(methods[TenderMethod(method)] for method in paid),
    }


def _overridden(told: Told) -> Fields:
    return {"name": told.text("name") or _product(told, told.text("code")) or told.text("code")}


def _recalled(told: Told) -> Fields:
    lines = told.count("lines")
    return {"count": lines, "lines": lines if told.text("into") else ""}


def _moved(told: Told) -> Fields:
    moves = told.items("moves")
    words = reason_words()
    reasons = {str(move.get("reason")) for move in moves}
    reason = words[MoveReason(reasons.pop())] if len(reasons) == 1 else ""
    one = moves[0] if len(moves) == 1 else {}
    return {
        "reason": reason,
        "count": told.count("moves"),
        "quantity": told.write.number(str(one["quantity"])) if one else "",
        "name": _product(told, str(one.get("product", ""))),
    }


def _imported(told: Told) -> Fields:
    return {
        "name": told.text("file"),
        "added": told.count("added"),
        "changed": told.count("changed"),
        "count": told.count("products") or told.count("customers"),
    }


def _settings(told: Told) -> Fields:
    names = [name.replace("_", " ") for name in told.values]
    more = " …" if len(names) > _NAMES_SHOWN else ""
    return {
        "tax": told.text("tax.name"),
        "unit": told.text("unit.name") or told.text("unit.code"),
        "names": ", ".join(names[:_NAMES_SHOWN]) + more,
    }


def _restored(told: Told) -> Fields:
    return {"count": told.count("restored_entries")}


def _session(told: Told) -> Fields:
    how = told.text("how") or told.text("by") or told.text("state.how")
    has_left = told.text("step") == "sale put aside"
    return {
        "who": told.write.staff(told.text("state.staff_id")) if told.text("state.staff_id") else "",
        "how": t(_HOWS[how]) if how in _HOWS else how,
        "aside": told.text("state.aside")[-8:] if has_left else "",
    }


def _given(told: Told) -> Fields:
    request = told.value("state.request")
    return {
        "approver": told.text("state.approver"),
        "asker": told.text("state.asker") or t("nobody"),
        "request": _request(told, request if isinstance(request, dict) else {}),
        "reason": told.text("state.reason"),
    }


def _refused(told: Told) -> Fields:
    return {"request": _request(told, told.values), "why": told.text("why")}


def _request(told: Told, request: dict[str, Any]) -> str:
    parts = [action_name(Action(str(request.get("action"))))]
    amount = request.get("amount")
    if isinstance(amount, dict):
        parts.append(told.write.money(int(amount["minor"]), str(amount["currency"])))
    elif isinstance(amount, int) and amount:
        parts.append(told.write.money(amount, str(request.get("currency") or "")))
    if isinstance(request.get("percent"), str):
        parts.append(told.write.amounts.percent(Decimal(request["percent"])))
    if request.get("about"):
        parts.append(isolated(str(request["about"])))
    return " · ".join(parts)


def _card(told: Told) -> Fields:
    card = f"{told.text('state.card.brand')} {told.text('state.card.last_four')}".strip()
    return {"card": card, "amount": told.money("state.approved") or told.money("state.amount")}


def _value(told: Told) -> Fields:
    kind, currency = told.text("state.kind"), told.text("state.currency")
    action = told.text("action")
    is_points = kind == ValueKind.POINTS.value or not currency
    units, balance = told.value("units"), told.value("state.balance")
    return {
        "kind": t(_VALUE_KINDS[kind]) if kind in _VALUE_KINDS else kind.replace("_", " "),
        "number": told.text("state.number") or told.text("state.name"),
        "action": t(_VALUE_ACTIONS[action]) if action in _VALUE_ACTIONS else action,
        "amount": told.count("units") if is_points else told.money("units", "state.currency"),
        "balance": told.count("state.balance")
        if is_points
        else told.money("state.balance", "state.currency"),
        "points": "" if kind or units or balance else told.count("state.earned") or "–",
    }


def _lowered(told: Told) -> Fields:
    return {"before": told.number("before"), "after": told.number("after")}


def _discount(told: Told) -> Fields:
    percent = told.value("percent")
    return {
        "percent": told.write.amounts.percent(round(Decimal(str(percent)), 2)),
        "name": told.text("name") or told.text("code"),
        "reason": t(str(told.value("reason") or "")),
    }


def _paid_back(told: Told) -> Fields:
    return {"method": method_words()[TenderMethod(told.text("method"))]}


def _of_product(told: Told) -> Fields:
    state = told.value("state") or {}
    named = str(state.get("product_id") or told.value("product") or "")
    return {
        "name": _product(told, named) or str(state.get("name") or ""),
        "batch": told.text("state.number") or told.text("state.batch") or told.text("state.code"),
        "price": told.price("state.cost")
        or told.price("state.average")
        or told.price("state.price"),
        "quantity": told.number("state.quantity") or told.number("state.counted"),
    }


def _received_goods(told: Told) -> Fields:
    if told.text("record") == "delivery_line":
        state = told.value("state") or {}
        named = _product(told, str(state.get("product_id", "")))
        return {"name": named or str(state.get("name") or state.get("code") or "")}
    return {
        "quantity": "",
        "supplier": told.text("state.supplier_name"),
        "lines": told.count("state.line_count"),
    }


def _kitchen(told: Told) -> Fields:
    items = [f"{one.get('quantity')} × {one.get('name')}" for one in told.items("state.told")]
    more = " …" if len(items) > _NAMES_SHOWN else ""
    return {"items": isolated(", ".join(items[:_NAMES_SHOWN])) + more if items else ""}


def _labels(told: Told) -> Fields:
    return {"count": told.count("state.labels")}


def _document(told: Told) -> Fields:
    record, state = told.text("record"), told.text("state.state")
    word = state_word(record, state) if record and state else ""
    paid, credited = told.items("state.payments"), told.items("state.credits")
    return {
        "state": word,
        "amount": told.money("state.gross"),
        "paid": _last_amount(told, paid),
        "credited": _last_amount(told, credited),
    }


def _last_amount(told: Told, parts: list[dict[str, Any]]) -> str:
    amount = parts[-1].get("amount") if parts else None
    if not isinstance(amount, dict):
        return ""
    return told.write.money(int(amount["minor"]), str(amount["currency"]))


def _terms(told: Told) -> Fields:
    evaluations = told.items("state.evaluations")
    score = str(evaluations[-1].get("score", "")) if evaluations else ""
    return {"amount": told.money("state.credit_limit"), "score": score}


def _list_price(told: Told) -> Fields:
    return {
        "name": told.text("name") or _product(told, told.text("state.product_id")),
        "price": told.price("state.price"),
        "list_price": told.text("state.price_list"),
    }


def _from_office(told: Told) -> Fields:
    what = told.text("record") or told.text("kind") or told.text("thing")
    return {"what": kind_words(what) if what else ""}


def _epoch(told: Told) -> Fields:
    settings = told.value("settings") or {}
    return {
        "till": told.text("till"),
        "shop": str(settings.get("name") or told.text("shop") or "–"),
        "epoch": told.count("epoch"),
    }


def _product(told: Told, product_id: str) -> str:
    return isolated(told.write.names(product_id)) if product_id else ""


_SPECIAL: dict[F, Callable[[Told], Fields]] = {
    F.STORE_OPENED: _epoch,
    F.SALE_COMPLETED: _sale,
    F.PRICE_OVERRIDDEN: _overridden,
    F.SALE_RECALLED: _recalled,
    F.STOCK_MOVED: _moved,
    F.PRODUCTS_IMPORTED: _imported,
    F.CUSTOMERS_IMPORTED: _imported,
    F.SETTINGS_CHANGED: _settings,
    F.STORE_RESTORED: _restored,
    F.SIGNED_IN: _session,
    F.SIGNED_OUT: _session,
    F.SIGN_IN_REFUSED: _session,
    F.APPROVAL_GIVEN: _given,
    F.APPROVAL_REFUSED: _refused,
    F.SHIFT_OPENED: shift_fields,
    F.SHIFT_CLOSED: shift_fields,
    F.CASH_COUNTED: counting_fields,
    F.CASH_MOVED: movement_fields,
    F.SHIFT_READ: reading_fields,
    F.STORED_VALUE_CHANGED: _value,
    F.QUANTITY_LOWERED: _lowered,
    F.DISCOUNT_GIVEN: _discount,
    F.PAYMENT_GIVEN_BACK: _paid_back,
    F.STOCK_RULE_SAVED: _of_product,
    F.BATCH_SAVED: _of_product,
    F.AVERAGE_COST_CHANGED: _of_product,
    F.STOCK_TAKE_COUNTED: _of_product,
    F.GOODS_RECEIVED: _received_goods,
    F.KITCHEN_TOLD: _kitchen,
    F.LABELS_MADE: _labels,
    F.CREDIT_TERMS_SAVED: _terms,
    F.CREDIT_EVALUATED: _terms,
    F.LIST_PRICE_SAVED: _list_price,
    F.RECORD_RECEIVED: _from_office,
    F.EPOCH_BEGUN: _epoch,
    **dict.fromkeys((F.CARD_ASKED, F.CARD_APPROVED, F.CARD_DECLINED), _card),
    **dict.fromkeys((F.CARD_USED, F.CARD_REVERSED), _card),
    **dict.fromkeys((F.QUOTATION_SAVED, F.ORDER_SAVED, F.DELIVERY_NOTE_SAVED), _document),
    **dict.fromkeys((F.INVOICE_SAVED, F.INVOICE_ISSUED, F.INVOICE_PAID), _document),
    **dict.fromkeys((F.INVOICE_CREDITED, F.INVOICE_REMINDED, F.GOODS_TAKEN_BACK), _document),
}
