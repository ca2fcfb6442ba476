"""Products as people look for them: by a piece of name or code, by group, sold or not."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from pos_app.server.listed import ACTIVE, INACTIVE
from pos_app.server.tables import listed, things
from pos_app.server.thing_kinds import PRODUCT

WORDS_MOST, WORD_SIGNS = 6, 60
_AT_ONCE = 4_000  # each look at all of them costs more than reading what it finds
_BETWEEN = "\t"
_PLAIN = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """What is looked for: words that name or codes hold, a group's id, `active` or `inactive`."""

    words: str = ""
    category: str = ""
    status: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundProducts:
    """A page of products in order of their codes; `after` leads to the next, empty at the end."""

    products: list[dict[str, Any]]
    after: str = ""


def find_products(connection: Connection, company_id: str, wanted: ProductSearch) -> FoundProducts:
    """Return the next products that fit."""
    words = [word[:WORD_SIGNS].casefold() for word in wanted.words.split()[:WORDS_MOST]]
    found: list[tuple[str, dict[str, Any]]] = []
    after = wanted.after
    size = _AT_ONCE if words else wanted.limit + 1
    while len(found) <= wanted.limit:
        rows = _rows(connection, company_id, wanted, words, after, size)
        for number, thing_id, state in rows:
            product = json.loads(state)
            if all(_holds(product, word) for word in words):
                found.append((f"{number}{_BETWEEN}{thing_id}", product))
                if len(found) > wanted.limit:
                    break
        if len(rows) < size:
            break
        after = f"{rows[-1][0]}{_BETWEEN}{rows[-1][1]}"
    page = found[: wanted.limit]
    has_more = len(found) > wanted.limit
    return FoundProducts([one for _, one in page], page[-1][0] if has_more else "")


def _rows(
    connection: Connection,
    company_id: str,
    wanted: ProductSearch,
    words: list[str],
    after: str,
    size: int,
) -> list[tuple[str, str, str]]:
    query = (
        select(listed.c.number, things.c.id, things.c.state)
        .join(
            things,
            and_(
                things.c.company_id == listed.c.company_id,
                things.c.kind == listed.c.kind,
                things.c.id == listed.c.id,
            ),
        )
        .where(listed.c.company_id == company_id, listed.c.kind == PRODUCT)
        .order_by(listed.c.number, things.c.id)
        .limit(size)
    )
    if wanted.status in {ACTIVE, INACTIVE}:
        query = query.where(listed.c.status == wanted.status)
    if wanted.category:
        part = f'"category":{json.dumps(wanted.category, ensure_ascii=False)}'
        query = query.where(things.c.state.contains(part, autoescape=True))
    for word in words:
        for part in _PLAIN.findall(_escaped(word)):  # a database knows few capitals
            query = query.where(things.c.state.icontains(part, autoescape=True))
    number, _, thing_id = after.partition(_BETWEEN)
    if after:
        later = and_(listed.c.number == number, things.c.id > thing_id)
        query = query.where(or_(listed.c.number > number, later))
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _holds(product: dict[str, Any], word: str) -> bool:
    texts = (product["name"], product["code"], *product["barcodes"])
    return any(word in text.casefold() for text in texts)


def _escaped(word: str) -> str:
    """As a text stands in JSON."""
    return json.dumps(word, ensure_ascii=False)[1:-1]
