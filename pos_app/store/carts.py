"""Carts as text: the one on the screen and the ones put aside."""

import json
from collections.abc import Iterable

from pos_app.domain.cart import Cart, CartLine
from pos_app.domain.plain import from_text, to_plain, to_text


class CartText:
    """Writes one cart again and again; lines that did not change are not written anew."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[CartLine, str]] = {}

    def write(self, cart: Cart) -> str:
        """Return the cart as JSON."""
        self._known = dict(self._line_texts(cart.lines))
        lines = ",".join(text for _, text in self._known.values())
        if len(self._known) != len(cart.lines):  # one line object twice
            lines = ",".join(self._known[id(line)][1] for line in cart.lines)
        head = {name: to_plain(getattr(cart, name)) for name in Cart.__slots__ if name != "lines"}
        text = json.dumps(head, separators=(",", ":"), ensure_ascii=False)
        return f'{text[:-1]},"lines":[{lines}]}}'

    def _line_texts(self, lines: Iterable[CartLine]) -> Iterable[tuple[int, tuple[CartLine, str]]]:
        for line in lines:
            known = self._known.get(id(line))
            yield id(line), known or (line, to_text(line))


def cart_of(text: str) -> Cart:
    """Return the cart of what `CartText` wrote."""
    return from_text(Cart, text)
