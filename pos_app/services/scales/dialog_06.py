"""Dialog 06 without checksums: the till tells the price, then asks for weight, price and amount.

The till sends record 01 (EOT STX `01` ESC six digits of price ESC ETX) and the scale ACK; the till
sends EOT ENQ and the scale record 02: STX `02` ESC `3` ESC five digits of grams ESC price ESC
amount ETX. On NAK record 08 asks why, and record 09 tells it in two digits. Source: "Dialog 06
protocol" in the manuals of Dibal's DPOS-400 and Cely's PI-100; the digits of record 09 are those
of Mettler Toledo's checkout scales.
"""

import re
from decimal import Decimal

from pos_app.services.scales.errors import (
    ScaleCutShort,
    ScaleEmpty,
    ScaleError,
    ScaleFault,
    ScaleNegative,
    ScaleNotCleared,
    ScaleOverloaded,
    ScaleSilent,
    ScaleUnreadable,
    ScaleUnstable,
    ScaleWantsChecksum,
)
from pos_app.services.scales.weight import MassUnit, Weight
from pos_app.services.scales.wire import Wire, read_until

USUAL_FRAME = "7O1"
ACK, NAK = b"\x06", b"\x15"
ASK_WEIGHT = b"\x04\x05"
ASK_WHY = b"\x04\x0208\x03"
_MOST_PRICE = 999_999
# Where the manuals draw the end of a record as "ET", some mean ETX and some EOT.
_RESULT = re.compile(rb"\x0202\x1b(.)\x1b(\d{5})\x1b[ \d]{6}\x1b[ \d]{6}[\x03\x04]", re.DOTALL)
_STATE = re.compile(rb"\x0209\x1b(\d\d)[\x03\x04]")
_CHECKSUM = re.compile(rb"\x0211\x1b")
_GRAMS = b"3"  # kilograms with three places
_PASSING: dict[bytes, type[ScaleError]] = {
    b"20": ScaleUnstable,
    b"21": ScaleNotCleared,
    b"22": ScaleUnstable,
    b"30": ScaleEmpty,
    b"31": ScaleNegative,
    b"32": ScaleOverloaded,
}


def ask(wire: Wire, price_minor: int, answer_s: float) -> Weight:
    """Tell the price and ask once; raises a ScaleError, or OSError when the line is broken."""
    wire.forget()
    wire.write(price_record(price_minor))
    if _taken(read_until(wire, _is_whole, answer_s)):
        wire.write(ASK_WEIGHT)
        answer = read_until(wire, _is_whole, answer_s)
        if NAK not in _plain(answer):
            return parse(answer)
    wire.write(ASK_WHY)
    raise parse_state(read_until(wire, _is_whole, answer_s))


def price_record(price_minor: int) -> bytes:
    """Write record 01; a price of nothing becomes one, which every scale takes."""
    price = min(max(price_minor, 1), _MOST_PRICE)
    return b"\x04\x0201\x1b%06d\x1b\x03" % price


def parse(data: bytes) -> Weight:
    """Read record 02; a parity bit taken for data does not matter."""
    plain = _plain(data)
    match = _RESULT.search(plain)
    if match is None:
        raise _unusable(plain)
    if match[1] != _GRAMS:
        raise ScaleUnreadable()
    figure = Decimal(int(match[2])).scaleb(-3)
    if not figure:
        raise ScaleEmpty()
    return Weight(figure, MassUnit.KILOGRAM)


def parse_state(data: bytes) -> ScaleError:
    """Return what record 09 says."""
    plain = _plain(data)
    match = _STATE.search(plain)
    if match is None:
        return _unusable(plain)
    known = _PASSING.get(match[1])
    return known() if known is not None else ScaleFault(code=match[1].decode("ascii"))


def _taken(data: bytes) -> bool:
    """Tell whether the price was taken; False where the scale said no."""
    plain = _plain(data)
    if ACK in plain or NAK in plain:
        return plain.rfind(ACK) > plain.rfind(NAK)
    raise _unusable(plain)


def _unusable(plain: bytes) -> ScaleError:
    if not plain:
        return ScaleSilent()
    if _CHECKSUM.search(plain):
        return ScaleWantsChecksum()
    is_open = plain.rfind(b"\x02") > max(plain.rfind(b"\x03"), plain.rfind(b"\x04"))
    return ScaleCutShort() if is_open else ScaleUnreadable()


def _is_whole(data: bytes) -> bool:
    plain = _plain(data)
    if b"\x02" not in plain:
        return ACK in plain or NAK in plain
    started = plain.rfind(b"\x02")
    return b"\x03" in plain[started:] or b"\x04" in plain[started:]


def _plain(data: bytes) -> bytes:
    return bytes(byte & 0x7F for byte in data)
