"""Scales over a pseudo-terminal: every protocol, every way in which no weight comes, rubbish."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.product import KILOGRAM, PIECE, Unit
from pos_app.services.device_setup import device_refusals
from pos_app.services.scales import cas, dialog_06, toledo_8217
from pos_app.services.scales.errors import (
    ScaleCutShort,
    ScaleEmpty,
    ScaleError,
    ScaleGone,
    ScaleNegative,
    ScaleNotCleared,
    ScaleOverloaded,
    ScaleSilent,
    ScaleUnreadable,
    ScaleUnstable,
    ScaleWantsChecksum,
)
from pos_app.services.scales.reading import Patience, try_scale, weigh
from pos_app.services.scales.weight import MassUnit, Weight, in_unit, is_mass
from pos_app.services.serial_devices import BadDeviceFrame, BadDeviceTarget
from tests.simulators.pty_line import Cable, cable
from tests.simulators.scale import Cas, Dialog06, Mood, Pan, Toledo8217

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ptys are a Unix thing")
QUICK = Patience(answer_s=2, rest_s=5, pause_s=0.01)
HASTY = Patience(answer_s=0.12, rest_s=0.05, pause_s=0.01)
Scale = Toledo8217 | Dialog06 | Cas
SCALES: list[tuple[ScaleProtocol, Callable[[Pan], Scale]]] = [
    (ScaleProtocol.TOLEDO_8217, Toledo8217),
    (ScaleProtocol.TOLEDO_8217, lambda pan: Toledo8217(pan, shows_parity=True)),
    (ScaleProtocol.DIALOG_06, Dialog06),
    (ScaleProtocol.CAS, Cas),
    (ScaleProtocol.CAS, lambda pan: Cas(pan, long_form=False)),
]
scales = pytest.mark.parametrize(
    ("protocol", "make"), SCALES, ids=["8217", "8217 parity", "dialog 06", "cas", "a&d"]
)


def settings(line: Cable, protocol: ScaleProtocol) -> DeviceSettings:
    return DeviceSettings(scale_target=line.target, scale_protocol=protocol)


@scales
def test_a_weight_at_rest_is_taken(
    protocol: ScaleProtocol, make: Callable[[Pan], Scale], tmp_path: Path
) -> None:
    with cable(make(Pan(482)), tmp_path) as line:
        assert weigh(settings(line, protocol), KILOGRAM, 399, patience=QUICK) == Decimal("0.482")


@scales
def test_goods_that_move_are_waited_for(
    protocol: ScaleProtocol, make: Callable[[Pan], Scale], tmp_path: Path
) -> None:
    pan = Pan(1250, moving=True, settles_after=3)
    with cable(make(pan), tmp_path) as line:
        patience = Patience(answer_s=0.4, rest_s=5, pause_s=0.01)
        assert weigh(settings(line, protocol), KILOGRAM, patience=patience) == Decimal("1.250")
    assert pan.asked > 3


@scales
@pytest.mark.parametrize(
    ("pan", "refusal"),
    [
        (Pan(500, moving=True), ScaleUnstable),
        (Pan(-30), ScaleNegative),
        (Pan(20_000), ScaleOverloaded),
        (Pan(0), ScaleEmpty),
        (Pan(500, mood=Mood.SILENT), ScaleSilent),
        (Pan(500, mood=Mood.RUBBISH), ScaleUnreadable),
    ],
    ids=["moves", "negative", "overload", "empty", "silent", "rubbish"],
)
def test_no_weight_has_a_name_and_a_way_out(
    protocol: ScaleProtocol,
    make: Callable[[Pan], Scale],
    pan: Pan,
    refusal: type[ScaleError],
    tmp_path: Path,
) -> None:
    fresh = Pan(pan.grams, pan.moving, pan.most_grams, pan.mood)
    with cable(make(fresh), tmp_path) as line, pytest.raises(refusal) as told:
        weigh(settings(line, protocol), KILOGRAM, patience=HASTY)
    assert "type the weight" in str(told.value)


def test_a_scale_that_stops_in_the_middle_is_told(tmp_path: Path) -> None:
    class StopsLater(Dialog06):
        def _result(self) -> bytes:
            return super()._result()[:9]

    for place, (protocol, scale) in enumerate(
        (
            (ScaleProtocol.TOLEDO_8217, Toledo8217(Pan(500, mood=Mood.STOPS))),
            (ScaleProtocol.DIALOG_06, StopsLater(Pan(500))),
        )
    ):
        (folder := tmp_path / str(place)).mkdir()
        with cable(scale, folder) as line, pytest.raises(ScaleCutShort):
            weigh(settings(line, protocol), KILOGRAM, patience=HASTY)
    assert parse_refused(cas.parse, b"ST,GS,1\xc4,  0.5") is ScaleCutShort
    assert parse_refused(cas.parse, b"482kg\r\nST,GS,+00") is ScaleCutShort


def test_a_sealed_dialog_scale_is_told_apart(tmp_path: Path) -> None:
    scale = Dialog06(Pan(500), wants_checksum=True)
    with cable(scale, tmp_path) as line, pytest.raises(ScaleWantsChecksum):
        weigh(settings(line, ScaleProtocol.DIALOG_06), KILOGRAM, patience=QUICK)


def test_the_dialog_scale_is_told_the_price(tmp_path: Path) -> None:
    scale = Dialog06(Pan(500))
    with cable(scale, tmp_path) as line:
        devices = settings(line, ScaleProtocol.DIALOG_06)
        weigh(devices, KILOGRAM, 399, patience=QUICK)
        weigh(devices, KILOGRAM, 0, patience=QUICK)
        weigh(devices, KILOGRAM, 12_345_678, patience=QUICK)
    assert scale.prices == [b"000399", b"000001", b"999999"]


def test_a_scale_that_gives_a_weight_once_asks_to_lift_the_goods() -> None:
    assert isinstance(dialog_06.parse_state(b"\x0209\x1b21\x03"), ScaleNotCleared)


def test_pounds_become_what_the_goods_are_sold_in(tmp_path: Path) -> None:
    with cable(Toledo8217(Pan(1000), pounds=True), tmp_path) as line:
        devices = settings(line, ScaleProtocol.TOLEDO_8217)
        pound = Unit("lb", "pound", 2)
        assert weigh(devices, pound, patience=QUICK) == Decimal("2.20")
        assert weigh(devices, KILOGRAM, patience=QUICK) == Decimal("0.998")  # of 2.20 lb


def test_units_of_mass_are_known_and_others_are_not() -> None:
    weight = Weight(Decimal("0.4825"))
    assert in_unit(weight, KILOGRAM) == Decimal("0.483")
    assert in_unit(weight, Unit("g", "gram", 1)) == Decimal("482.5")
    assert in_unit(weight, Unit("KGM", "kilogram", 2)) == Decimal("0.48")
    assert in_unit(Weight(Decimal(1), MassUnit.OUNCE), Unit("oz", "ounce", 1)) == 1
    assert not is_mass(PIECE)
    assert not is_mass(Unit("m", "metre", 2))


def test_a_weight_that_rounds_to_nothing_is_nothing(tmp_path: Path) -> None:
    with cable(Toledo8217(Pan(4)), tmp_path) as line, pytest.raises(ScaleEmpty):
        weigh(settings(line, ScaleProtocol.TOLEDO_8217), Unit("kg", "kilo", 1), patience=QUICK)


def test_a_scale_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    devices = DeviceSettings(scale_target=f"{tmp_path / 'nothing'},9600")
    before = time.monotonic()
    with pytest.raises(ScaleGone) as told:
        weigh(devices, KILOGRAM)
    assert time.monotonic() - before < 5
    assert "Check its cable" in str(told.value)


def test_a_silent_scale_is_told_after_two_questions_not_after_all_patience(tmp_path: Path) -> None:
    pan = Pan(500, mood=Mood.SILENT)
    patience = Patience(answer_s=0.05, rest_s=30, pause_s=0)
    before = time.monotonic()
    with cable(Toledo8217(pan), tmp_path) as line, pytest.raises(ScaleSilent):
        weigh(settings(line, ScaleProtocol.TOLEDO_8217), KILOGRAM, patience=patience)
    assert time.monotonic() - before < 10
    assert pan.asked == 2


def test_a_cable_pulled_while_weighing_is_told(tmp_path: Path) -> None:
    line = Cable(Toledo8217(Pan(500, moving=True)), tmp_path)

    class Pulls:
        def stop_if_cancelled(self) -> None: ...

        def report(self, done: int, total: int) -> None:
            line.pull()

    with pytest.raises(ScaleGone):
        weigh(settings(line, ScaleProtocol.TOLEDO_8217), KILOGRAM, waiting=Pulls())


def test_nobody_waits_any_more(tmp_path: Path) -> None:
    class Left(Exception):
        """The cashier went on."""

    class Leaves:
        told = 0

        def stop_if_cancelled(self) -> None:
            if self.told:
                raise Left

        def report(self, done: int, total: int) -> None:
            self.told += 1

    with cable(Toledo8217(Pan(0)), tmp_path) as line, pytest.raises(Left):
        weigh(settings(line, ScaleProtocol.TOLEDO_8217), KILOGRAM, waiting=Leaves())


def test_the_trial_says_what_was_heard(tmp_path: Path) -> None:
    with cable(Toledo8217(Pan(482)), tmp_path) as line:
        well = try_scale(settings(line, ScaleProtocol.TOLEDO_8217), patience=QUICK)
        wrong = try_scale(settings(line, ScaleProtocol.CAS), patience=HASTY)
    assert well.weight == Weight(Decimal("0.482"))
    assert well.heard == b"\x0200.482\r"
    assert isinstance(wrong.refusal, ScaleSilent)
    assert wrong.heard == b""


@pytest.mark.parametrize(
    ("target", "refusal"),
    [
        ("COM3", None),
        ("COM3,9600", None),
        ("/dev/ttyUSB0,4800,7o1", None),
        ("/dev/ttyUSB0,9601", BadDeviceTarget),
        ("-x,9600", BadDeviceTarget),
        ("a\x1bb", BadDeviceTarget),
        (",9600", BadDeviceTarget),
        ("COM3,9600,9N1", BadDeviceFrame),
        ("COM3,9600,8N1,4", BadDeviceFrame),
        ("x" * 500, BadDeviceTarget),
    ],
)
def test_a_target_is_read_at_the_door(target: str, refusal: type[Exception] | None) -> None:
    refused = device_refusals(DeviceSettings(scale_target=target))
    wanted = {} if refusal is None else {"scale_target": refusal}
    assert {field: type(why) for field, why in refused.items()} == wanted


PARSERS = {"8217": toledo_8217.parse, "cas": cas.parse, "dialog": dialog_06.parse}
NEARLY = st.lists(
    st.sampled_from(
        [b"\x02", b"\x03", b"\x04", b"\x15", b"\x06", b"\x1b", b"\r", b"\n", b"?", b"02", b"09",
         b"3", b"00482", b"00.482", b"N", b"ST,GS,", b"OL,NT", b",", b"+", b"-", b" ", b"kg\r\n",
         b"1\xc4,", b"9" * 9, b".", b"\xff"]
    ),
    max_size=12,
).map(b"".join)  # fmt: skip


def parse_refused(parse: Callable[[bytes], Weight], data: bytes) -> type[Exception]:
    with pytest.raises(ScaleError) as told:
        parse(data)
    return told.type


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@given(data=st.one_of(st.binary(max_size=64), NEARLY))
@example(data=b"\x02?\r")
@example(data=b"ST,GS,+        kg\r\n")
def test_no_bytes_of_a_scale_crash_it(parse: Callable[[bytes], Weight], data: bytes) -> None:
    with suppress(ScaleError):
        weight = parse(data)
        assert 0 < weight.figure < 10**9
        assert weight.figure.is_finite()


@given(data=st.one_of(st.binary(max_size=64), NEARLY))
def test_no_bytes_of_a_scale_crash_its_reason(data: bytes) -> None:
    assert isinstance(dialog_06.parse_state(data), ScaleError)


class Rubbish:
    """A wire that brings whatever it was given."""

    def __init__(self, answers: list[bytes]) -> None:
        self.answers = answers

    def write(self, data: bytes) -> None: ...

    def read(self, timeout_s: float) -> bytes:
        return self.answers.pop(0) if self.answers else b""

    def forget(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize("protocol", list(ScaleProtocol))
@given(answers=st.lists(st.one_of(st.binary(max_size=24), NEARLY), max_size=5))
def test_no_conversation_with_a_scale_crashes(
    protocol: ScaleProtocol, answers: list[bytes]
) -> None:
    devices = DeviceSettings(scale_target="COM3", scale_protocol=protocol)
    patience = Patience(answer_s=0.0005, rest_s=0, pause_s=0)
    trial = try_scale(devices, patience=patience, open_wire=lambda _d: Rubbish(list(answers)))
    assert (trial.weight is None) is (trial.refusal is not None)


@given(st.integers(1, 99_999))
def test_every_weight_comes_back_as_it_was(grams: int) -> None:
    kilograms = Decimal(grams).scaleb(-3)
    assert toledo_8217.parse(b"\x02%06.3f\r" % (grams / 1000)) == Weight(kilograms)
    assert cas.parse(b"ST,GS,+%08.3fkg\r\n" % (grams / 1000)) == Weight(kilograms)
    record = b"\x0202\x1b3\x1b%05d\x1b000100\x1b000000\x03" % grams
    assert dialog_06.parse(record) == Weight(kilograms)
