"""CAS and its relatives: the scale sends its weight again and again, and nobody asks.

One message is a line such as `ST,GS,+  0.482kg` (A&D's form), or the same with a device number, a
byte of lamps and a comma before the figure (CAS, 22 bytes): ST at rest, US moving, OL too heavy.
Source: "CAS 22 bytes" and "AND 18 bytes" in the manuals of CAS's CI-600 and NT-200 indicators.
"""

import re
from decimal import Decimal

from pos_app.services.scales.errors import (
    ScaleCutShort,
    ScaleEmpty,
    ScaleNegative,
    ScaleOverloaded,
    ScaleSilent,
    ScaleUnreadable,
    ScaleUnstable,
)
from pos_app.services.scales.weight import MassUnit, Weight
from pos_app.services.scales.wire import Wire, read_until

USUAL_FRAME = "8N1"
_MESSAGE = re.compile(
    rb"(ST|US|OL),(?:GS|NT),?(?:[\x00-\xff]{2},)?"
    rb" {0,6}([+-]?) {0,8}(\d{0,8}\.?\d{0,5}) {0,3}(kg|g|lb|oz)? {0,3}\r\n",
    re.IGNORECASE,
)
_BEGINNING = re.compile(rb"(?:ST|US|OL)?,?(?:GS|NT)?[ -~\x80-\xff]{0,20}\Z", re.IGNORECASE)


def ask(wire: Wire, _price_minor: int, answer_s: float) -> Weight:
    """Listen to one message; raises a ScaleError, or OSError when the line is broken."""
    wire.forget()
    return parse(read_until(wire, lambda data: _MESSAGE.search(data) is not None, answer_s))


def parse(data: bytes) -> Weight:
    """Read the last message in `data`; what stands before it was begun too early."""
    if not data:
        raise ScaleSilent()
    messages = _MESSAGE.findall(data)
    if not messages:
        raise ScaleCutShort() if _is_begun(data) else ScaleUnreadable()
    state, sign, digits, unit = (part.decode("ascii").lower() for part in messages[-1])
    if state == "ol":
        raise ScaleOverloaded()
    if state == "us":
        raise ScaleUnstable()
    if not any(char.isdigit() for char in digits):
        raise ScaleUnreadable()
    figure = Decimal(digits)
    if not figure:
        raise ScaleEmpty()
    if sign == "-":
        raise ScaleNegative()
    return Weight(figure, MassUnit(unit or "kg"))


def _is_begun(data: bytes) -> bool:
    """Tell whether the last line is the beginning of a message that never ended."""
    last = data.rpartition(b"\n")[2]
    head = last[:2].upper()
    return head in (b"ST", b"US", b"OL") and _BEGINNING.match(last) is not None
