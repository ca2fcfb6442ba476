"""Kitchen slips on paper: large, without a price, and read by somebody else's decoder."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.kitchen import KitchenItem, KitchenSlip
from pos_app.domain.product import KILOGRAM, PIECE
from pos_app.domain.shop import PrinterSettings, ScreenSettings, ShopSettings
from pos_app.printing.kitchen_slip import render_kitchen_slip
from tests.printing import sales
from tests.printing.someone_elses import commands, lines, needs_npos

GOLDEN = Path(__file__).parent / "golden"
NARROW, WIDE = PrinterSettings(width_mm=58), PrinterSettings(width_mm=80)
AT = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
ITEMS = (
    KitchenItem("1", "Crème brûlée", Decimal(12), PIECE, "without sugar"),
    KitchenItem("2", "Grilled sea bass with lemon, potatoes and salad", Decimal(1), PIECE),
    KitchenItem("3", "Ham", Decimal("0.250"), KILOGRAM),
)
SLIP = KitchenSlip(
    "Kitchen", ITEMS, AT, "2", number="1-000123", name="Table 4", note="All at once, please"
)
CHANGE = replace(
    SLIP,
    items=(ITEMS[0], replace(ITEMS[1], quantity=Decimal(-1))),
    number="",
    note="",
    is_change=True,
)
ARABIC = replace(sales.ARABIC, screen=ScreenSettings(language="ar"))
CASES: dict[str, tuple[KitchenSlip, ShopSettings, PrinterSettings]] = {
    "slip-80": (SLIP, sales.ENGLISH, WIDE),
    "slip-58": (SLIP, sales.ENGLISH, NARROW),
    "slip-change-58": (CHANGE, sales.ENGLISH, NARROW),
    "slip-copy-80": (replace(SLIP, is_copy=True), sales.ENGLISH, WIDE),
    "slip-arabic-58": (
        replace(SLIP, items=(KitchenItem("1", "قهوة عربية بالهيل", Decimal(2), PIECE, "حار"),)),
        ARABIC,
        NARROW,
    ),
}


@pytest.fixture(autouse=True)
def _source_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden bytes are of the source texts, so that a better translation changes none of them."""
    monkeypatch.setattr("pos_app.printing.kitchen_slip.t_in", lambda _language, text: text)


@pytest.mark.parametrize("name", CASES)
def test_the_bytes_are_those_that_were_looked_at(name: str) -> None:
    payload = render_kitchen_slip(*CASES[name])
    golden = GOLDEN / f"{name}.bin"
    if os.environ.get("POS_APP_WRITE_GOLDEN"):
        golden.write_bytes(payload)
    assert payload == golden.read_bytes()


@needs_npos
def test_a_cook_reads_what_is_wanted_for_whom_and_when() -> None:
    printed = [line.strip() for line in lines(render_kitchen_slip(*CASES["slip-80"]))]
    assert printed[0] == "Kitchen"
    assert printed[2:5] == ["Table 4", "1-000123", "14/03/2026 09:26" + " " * 31 + "2"]
    assert "12 × Crème brûlée" in printed
    assert printed[printed.index("12 × Crème brûlée") + 1] == "> without sugar"
    assert "0.250 kg × Ham" in printed
    assert "All at once, please" in printed


@needs_npos
def test_names_and_quantities_are_twice_as_large_and_no_price_is_told() -> None:
    payload = render_kitchen_slip(*CASES["slip-80"])
    sizes = [seen.data for seen in commands(payload) if seen.name == "GS !"]
    assert b"\x11" in sizes
    assert not any("." in word and word[-3:-2] == "." for line in lines(payload)
                   for word in line.split())  # fmt: skip
    assert "£" not in "".join(lines(payload))


@needs_npos
@pytest.mark.parametrize("case", ["slip-80", "slip-58", "slip-change-58"])
def test_no_line_runs_over_the_edge(case: str) -> None:
    _, _, printer = CASES[case]
    columns = 32 if printer is NARROW else 48
    assert max(map(len, lines(render_kitchen_slip(*CASES[case])))) <= columns


@needs_npos
def test_what_is_not_wanted_any_more_is_said_before_its_name() -> None:
    printed = [line.strip() for line in lines(render_kitchen_slip(*CASES["slip-change-58"]))]
    assert "CHANGE" in printed
    at = printed.index("NOT ANY MORE:")
    assert printed[at + 1].startswith("1 × Grilled")
    assert printed.index("12 × Crème") < at or printed.index("12 × Crème brûlée") < at


@needs_npos
def test_a_slip_cuts_and_never_opens_the_drawer() -> None:
    names = [seen.name for seen in commands(render_kitchen_slip(*CASES["slip-80"]))]
    assert "ESC p" not in names
    assert names[-1] == "GS V"
    assert "COPY" in [line.strip() for line in lines(render_kitchen_slip(*CASES["slip-copy-80"]))]


def test_slips_speak_the_language_of_the_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    monkeypatch.setattr(
        "pos_app.printing.kitchen_slip.t_in", lambda code, text: asked.add(code) or text
    )
    shop = replace(sales.GERMAN, screen=ScreenSettings(language="ar"))
    render_kitchen_slip(replace(SLIP, is_copy=True), shop, WIDE)
    assert asked == {"ar"}
