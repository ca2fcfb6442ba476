"""What whole numbers stand for in APIs that know no other ids; see `series.number_of`."""

SALE, SALE_LINE = "sale", "sale_line"
PRODUCT, CATEGORY, TAX = "product", "category", "tax"
WAREHOUSE, LOCATION = "warehouse", "location"  # a shop by its code, a place by its name
CUSTOMER = "customer"
INVOICE, INVOICE_LINE, INVOICE_CODE = "invoice", "invoice_line", "invoice_code"


def line_key(sale_id: str, line_no: int) -> str:
    """Return under which id a line of a sale has its number."""
    return f"{sale_id}:{line_no}"
