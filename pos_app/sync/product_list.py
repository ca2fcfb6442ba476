"""What another system calls products, as a list to type or paste: a line for each product."""

import re
from typing import TYPE_CHECKING

from pos_app.domain.errors import PosError
from pos_app.sync.foreign_settling import product_ids

if TYPE_CHECKING:
    from pos_app.store.store import Store

_BETWEEN = re.compile(r"[\t;]|,\s*(?=[^,]*$)")
_NAMED_MOST = 5


class ProductLinesWrong(PosError):
    """Lines that name no product of the shop, or say nothing of it."""

    sentence = (
        "These lines cannot be used: {lines}. Write the item number of a product, a semicolon and "
        "its id over there, such as 1001;17."
    )


def product_lines(store: "Store", connection_id: str) -> str:
    """Return the ids that are known, a line `item number;id` for each, by item number."""
    lines = []
    for product_id, remote_id in product_ids(store, connection_id).items():
        product = store.products.get(product_id)
        if product is not None:
            lines.append(f"{product.code};{remote_id}")
    return "\n".join(sorted(lines))


def read_product_lines(store: "Store", connection_id: str, text: str) -> dict[str, str]:
    """Return ids by our product id; empty for what was known and is not in the text any more.

    Raises ProductLinesWrong, which names the first wrong lines.
    """
    found = dict.fromkeys(product_ids(store, connection_id), "")
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        code, _, remote_id = (part.strip() for part in _halves(line))
        product = store.products.find(code) if code else None
        if product is None or not remote_id:
            wrong.append(f"{number} ({line.strip()[:40]})")
        else:
            found[product.id] = remote_id
    if wrong:
        more = " …" if len(wrong) > _NAMED_MOST else ""
        raise ProductLinesWrong(lines=", ".join(wrong[:_NAMED_MOST]) + more)
    return found


def _halves(line: str) -> tuple[str, str, str]:
    parts = _BETWEEN.split(line, maxsplit=1)
    return (parts[0], ";", parts[1]) if len(parts) == 2 else (line, "", "")
