"""Scales that behave as their manuals say, and misbehave as scales do; written without our code."""

from dataclasses import dataclass, field
from enum import Enum, auto


class Mood(Enum):
    """What is wrong with a scale."""

    WELL = auto()
    SILENT = auto()
    RUBBISH = auto()
    STOPS = auto()


@dataclass
class Pan:
    """What lies on a scale: grams, whether it moves, and how much the scale bears."""

    grams: int = 0
    moving: bool = False
    most_grams: int = 15_000
    mood: Mood = Mood.WELL
    settles_after: int | None = None
    asked: int = 0

    @property
    def is_over(self) -> bool:
        return self.grams > self.most_grams

    def look(self) -> None:
        """Count a look at the pan; goods that were moving come to rest at last."""
        self.asked += 1
        if self.settles_after is not None and self.asked > self.settles_after:
            self.moving = False

    def spoilt(self, answer: bytes) -> bytes:
        if self.mood is Mood.SILENT:
            return b""
        if self.mood is Mood.RUBBISH:
            return b"\xff\x00Hello!\x1b\r\n\x03"
        return answer[: len(answer) // 2] if self.mood is Mood.STOPS else answer


@dataclass
class Toledo8217:
    """Answers W; seven bits with even parity are seen as eight where `shows_parity`."""

    pan: Pan = field(default_factory=Pan)
    pounds: bool = False
    shows_parity: bool = False

    def hear(self, data: bytes) -> bytes:
        answer = b""
        for _ in range(data.count(b"W")):
            self.pan.look()
            answer += self.pan.spoilt(self._answer())
        return bytes(map(_with_parity, answer)) if self.shows_parity else answer

    def say(self) -> bytes:
        return b""

    def _answer(self) -> bytes:
        pan = self.pan
        state = pan.moving << 0 | pan.is_over << 1 | (pan.grams < 0) << 2
        if state:
            return b"\x02?" + bytes([0x40 | state]) + b"\r"
        if self.pounds:
            return b"\x02%05.2f\r" % (pan.grams / 453.59237)
        return b"\x02%06.3f\r" % (pan.grams / 1000)


@dataclass
class Cas:
    """Speaks without being asked."""

    pan: Pan = field(default_factory=Pan)
    long_form: bool = True

    def hear(self, data: bytes) -> bytes:
        return b""

    def say(self) -> bytes:
        pan = self.pan
        pan.look()
        state = b"OL" if pan.is_over else b"US" if pan.moving else b"ST"
        sign, kilograms = b"-" if pan.grams < 0 else b"+", abs(pan.grams) / 1000
        if not self.long_form:
            return pan.spoilt(b"%s,GS,%s%08.3fkg\r\n" % (state, sign, kilograms))
        lamps = bytes([0x80 | (not pan.moving) << 6 | 0x04])
        shown = sign.replace(b"+", b" ") + b"%7.3f" % kilograms
        return pan.spoilt(b"%s,GS,1%s,%s kg\r\n" % (state, lamps, shown))


@dataclass
class Dialog06:
    """Wants its price first, says NAK where it has no weight, and tells why when it is asked."""

    pan: Pan = field(default_factory=Pan)
    wants_checksum: bool = False
    prices: list[bytes] = field(default_factory=list)
    why: bytes = b"00"
    has_price: bool = False
    _rest: bytes = b""

    def hear(self, data: bytes) -> bytes:
        self._rest += data
        answer = b""
        while True:
            record, self._rest = _first_record(self._rest)
            if not record:
                return answer
            answer += self.pan.spoilt(self._answer(record))

    def say(self) -> bytes:
        return b""

    def _answer(self, record: bytes) -> bytes:
        if record == b"\x05":
            self.pan.look()
            return self._result()
        if record == b"08":
            return b"\x0209\x1b" + self.why + b"\x03"
        if record.startswith(b"01\x1b") and record.endswith(b"\x1b") and len(record) == 10:
            if self.wants_checksum:
                return b"\x0211\x1b2\x1b4711\x1b0815\x03"
            self.prices.append(record[3:9])
            self.has_price = True
            return b"\x06"
        self.why = b"10"
        return b"\x15"

    def _result(self) -> bytes:
        pan = self.pan
        if not self.has_price:
            self.why = b"11"
        elif pan.moving:
            self.why = b"20"
        elif pan.is_over:
            self.why = b"32"
        elif pan.grams < 0:
            self.why = b"31"
        elif pan.grams < 20:
            self.why = b"30"
        else:
            self.why, price = b"00", self.prices[-1]
            amount = int(price) * pan.grams // 1000
            self.has_price = False
            return b"\x0202\x1b3\x1b%05d\x1b%s\x1b%06d\x03" % (pan.grams, price, amount)
        return b"\x15"


def _first_record(data: bytes) -> tuple[bytes, bytes]:
    """Split off EOT ENQ, or EOT STX text ETX; what is not whole stays."""
    start = data.find(b"\x04")
    if start < 0 or len(data) < start + 2:
        return b"", data
    if data[start + 1] == 0x05:
        return b"\x05", data[start + 2 :]
    end = data.find(b"\x03", start)
    return (b"", data) if end < 0 else (data[start + 2 : end], data[end + 1 :])


def _with_parity(byte: int) -> int:
    return byte | 0x80 if byte.bit_count() % 2 else byte
