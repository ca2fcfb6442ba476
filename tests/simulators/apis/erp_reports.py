"""Chapter 9 of the ERP document: three reports, and their export as a spreadsheet."""

import io
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from tests.simulators.apis import shapes
from tests.simulators.apis.answering import Answer, Refused, cents, told
from tests.simulators.apis.erp_records import Thing

Things = Mapping[str, list[Thing]]
NAMES = {
    "order-execution": ("orders", {"customerId", "productId"}),
    "customer-analysis": ("customers", set[str]()),
    "product-trend": ("trends", {"productId"}),
}


def answered(things: Things, parts: tuple[str, ...], query: Mapping[str, str]) -> Answer:
    """Answer a report or its export; raises Refused."""
    if parts == ("export",):
        name = query.get("type", "").replace("_", "-")
        if name not in NAMES or "-" in query.get("type", ""):
            raise Refused(400, "there is no such report")
        report = REPORTS[name](things, query, *_days(query, {"type", "customerId", "productId"}))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return 200, {"Content-Type": kind}, _spreadsheet(report[NAMES[name][0]])
    if len(parts) != 1 or parts[0] not in NAMES:
        raise Refused(404, "there is no such report")
    days = _days(query, NAMES[parts[0]][1])
    data = REPORTS[parts[0]](things, query, *days)
    return told(200, {"code": 200, "message": "success", "data": data})


def _days(query: Mapping[str, str], more: set[str]) -> tuple[str, str]:
    first, last = query.get("startDate", ""), query.get("endDate", "")
    if not (shapes.day(first) and shapes.day(last)) or query.keys() - more - {
        "startDate",
        "endDate",
    }:
        raise Refused(400, "startDate and endDate are days, and nothing else is asked")
    return first, last


def _orders(things: Things, first: str, last: str, query: Mapping[str, str]) -> list[Thing]:
    customer, product = query.get("customerId"), query.get("productId")
    return [
        one
        for one in things["orders"]
        if first <= one["orderDate"] <= last
        and customer in {None, one["customerId"]}
        and (product is None or any(item["productId"] == product for item in one["items"]))
    ]


def _execution(things: Things, query: Mapping[str, str], first: str, last: str) -> Any:
    rows = [_executed(one) for one in _orders(things, first, last, query)]
    return {
        "period": f"{first} 至 {last}",
        "totalOrders": len(rows),
        "totalAmount": sum((one["amount"] for one in rows), Decimal()),
        "orders": rows,
    }


def _executed(order: Thing) -> Thing:
    shares = (
        cents(item["amount"] * item["deliveredQuantity"] / item["quantity"])
        for item in order["items"]
    )
    delivered = sum(shares, Decimal())
    return {
        "orderNo": order["orderNo"],
        "customerName": order["customerName"],
        "orderDate": order["orderDate"],
        "amount": order["totalAmount"],
        "status": order["status"],
        "deliveredAmount": delivered,
        "deliveredRate": _rate(delivered, order["totalAmount"]),
    }


def _rate(part: Decimal, whole: Decimal) -> Decimal:
    return cents(part * 100 / whole) if whole else Decimal()


def _analysis(things: Things, query: Mapping[str, str], first: str, last: str) -> Any:
    orders = _orders(things, first, last, {})
    return {
        "period": f"{first} 至 {last}",
        "customers": [
            _analysed(things, customer, [o for o in orders if o["customerId"] == customer])
            for customer in dict.fromkeys(one["customerId"] for one in orders)
        ],
    }


def _analysed(things: Things, customer: str, orders: list[Thing]) -> Thing:
    total = sum((one["totalAmount"] for one in orders), Decimal())
    invoices = [one for one in things["invoices"] if one["customerId"] == customer]
    paid = sum((one["paidAmount"] for one in invoices), Decimal())
    return {
        "customerId": customer,
        "customerName": orders[0]["customerName"],
        "totalOrders": len(orders),
        "totalAmount": total,
        "avgOrderAmount": cents(total / len(orders)),
        "paymentRate": _rate(paid, sum((one["totalAmount"] for one in invoices), Decimal())),
    }


def _trend(things: Things, query: Mapping[str, str], first: str, last: str) -> Any:
    months: dict[str, list[Thing]] = {}
    product = query.get("productId")
    for order in _orders(things, first, last, query):
        months.setdefault(order["orderDate"][:7], []).extend(
            item for item in order["items"] if product in {None, item["productId"]}
        )
    trends = [
        {
            "period": month,
            "quantity": sum((one["quantity"] for one in items), Decimal()),
            "amount": sum((one["amount"] for one in items), Decimal()),
        }
        for month, items in sorted(months.items())
    ]
    return {"period": f"{first} 至 {last}", "trends": trends}


Report = Callable[[Things, Mapping[str, str], str, str], Any]
REPORTS: dict[str, Report] = {
    "order-execution": _execution,
    "customer-analysis": _analysis,
    "product-trend": _trend,
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _spreadsheet(rows: list[Thing]) -> bytes:
    """Return the least that is an .xlsx (ECMA-376): one sheet of texts."""
    table = [list(rows[0]), *(list(map(str, one.values())) for one in rows)] if rows else []
    cells = "".join(
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(one)}</t></is></c>' for one in row)
        + "</row>"
        for row in table
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
        f' PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/><Override'
        f' PartName="/xl/sheet.xml" ContentType="{_OFFICE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relation(f"{_DOCUMENT}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
        '<sheet name="Report" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(f"{_DOCUMENT}/worksheet", "sheet.xml"),
        "xl/sheet.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, said in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{said}')
    return kept.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    )
