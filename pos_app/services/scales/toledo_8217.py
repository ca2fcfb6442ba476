"""Mettler Toledo 8217: the till sends W, the scale answers with its weight or its state.

The answer is STX, the weight, CR: `00.482` in kilograms (three places) or `01.06` in pounds (two),
with an N after a net weight. While there is no weight it is STX, `?`, a byte of state, CR. Seven
data bits with even parity at 9600 bits a second are usual. Source: the chapters on ASCII commands
and status bytes in Mettler Toledo's service manual of the Diva module, which speaks the same.
"""

import re
from decimal import Decimal

from pos_app.services.scales.errors import (
    ScaleCutShort,
    ScaleEmpty,
    ScaleError,
    ScaleFault,
    ScaleNegative,
    ScaleOverloaded,
    ScaleSilent,
    ScaleUnreadable,
    ScaleUnstable,
)
from pos_app.services.scales.weight import MassUnit, Weight
from pos_app.services.scales.wire import Wire, read_until

USUAL_FRAME = "7E1"
QUESTION = b"W"
_ANSWER = re.compile(rb"\x02([^\x02\r]{0,16})\r")
_WEIGHT = re.compile(rb" {0,5}(\d{1,3}\.\d{2,3})N?")
_MOVES, _OVER, _BELOW_ZERO, _NOT_ZEROED, _AT_ZERO = 0x01, 0x02, 0x04, 0x08, 0x10


def ask(wire: Wire, _price_minor: int, answer_s: float) -> Weight:
    """Ask once for the weight; raises a ScaleError, or OSError when the line is broken."""
    wire.forget()
    wire.write(QUESTION)
    return parse(read_until(wire, lambda data: b"\r" in _plain(data), answer_s))


def parse(data: bytes) -> Weight:
    """Read the last answer in `data`; a parity bit taken for data does not matter."""
    plain = _plain(data)
    if not plain:
        raise ScaleSilent()
    answers = _ANSWER.findall(plain)
    if not answers:
        raise ScaleCutShort() if b"\x02" in plain and b"\r" not in plain else ScaleUnreadable()
    answer: bytes = answers[-1]
    if answer[:1] == b"?" and len(answer) == 2:
        raise _no_weight(answer[1])
    match = _WEIGHT.fullmatch(answer)
    if match is None:
        raise ScaleUnreadable()
    text = match[1].decode("ascii")
    figure = Decimal(text)
    if not figure:
        raise ScaleEmpty()
    is_metric = len(text.partition(".")[2]) == 3
    return Weight(figure, MassUnit.KILOGRAM if is_metric else MassUnit.POUND)


def _no_weight(state: int) -> ScaleError:
    if state & _OVER:
        return ScaleOverloaded()
    if state & _BELOW_ZERO:
        return ScaleNegative()
    if state & _NOT_ZEROED:
        return ScaleFault(code=chr(state))
    if state & _MOVES or not state & _AT_ZERO:
        return ScaleUnstable()
    return ScaleEmpty()


def _plain(data: bytes) -> bytes:
    return bytes(byte & 0x7F for byte in data)
