"""The manager's day on receipt paper, read by somebody else's decoder."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.day_figures import Watched
from pos_app.domain.day_review import Before, DayReview, Unsent
from pos_app.domain.plain import from_plain, to_plain
from pos_app.domain.shift_report import OfficeProof
from pos_app.domain.shop import PrinterSettings, ScreenSettings
from pos_app.printing import day_slip as slips
from pos_app.printing.day_slip import day_slip
from pos_app.printing.escpos_job import write_job
from tests import days
from tests.printing import sales
from tests.printing.someone_elses import lines, needs_npos

GOLDEN = Path(__file__).parent / "golden"
NARROW, WIDE = PrinterSettings(width_mm=58), PrinterSettings(width_mm=80)
ENGLISH = sales.ENGLISH
GERMAN = replace(sales.GERMAN, screen=ScreenSettings(language="de"))
ARABIC = replace(sales.ARABIC, screen=ScreenSettings(language="ar"))
JOBS = {
    "day-80": (days.ordinary(), ENGLISH, WIDE),
    "day-58": (days.ordinary(), ENGLISH, NARROW),
    "day-month-80": (days.month(), ENGLISH, WIDE),
    "day-german-58": (days.ordinary(), GERMAN, NARROW),
    "day-arabic-80": (days.ordinary(), ARABIC, WIDE),
}


@pytest.fixture(autouse=True)
def _source_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Golden bytes must not change with a translation: every language speaks the source text."""
    monkeypatch.setattr("pos_app.printing.cash_slips.t_in", lambda _language, text: text)


def job(name: str) -> bytes:
    review, shop, printer = JOBS[name]
    return write_job(day_slip(review, shop), printer)


def printed(name: str) -> list[str]:
    return [line.strip() for line in lines(job(name))]


def told(review: DayReview) -> str:
    return "\n".join(lines(write_job(day_slip(review, ENGLISH), WIDE)))


def figure(text: str, found: list[str]) -> str:
    """What stands at the end of the line that begins with a text."""
    line = next(line for line in found if line.startswith(text))
    return line.removeprefix(text).strip()


@pytest.mark.parametrize("name", sorted(JOBS))
def test_the_bytes_are_those_that_were_looked_at(name: str) -> None:
    golden = GOLDEN / f"{name}.bin"
    payload = job(name)
    if os.environ.get("POS_APP_WRITE_GOLDEN"):
        golden.write_bytes(payload)
    assert payload == golden.read_bytes()


@needs_npos
def test_the_slip_tells_the_figures_and_how_they_changed() -> None:
    found = printed("day-80")
    assert "Saturday, 14 March 2026" in found
    assert figure("Takings", found) == "€4,823.60"
    assert figure("Before 4,418.70", found) == "+9.2%"
    assert figure("Tickets", found) == "214"
    assert figure("Average basket", found) == "22.54"
    assert figure("Items per ticket", found) == "2.86"
    assert figure("Margin (37.4%)", found) == "1,503.75"
    assert figure("131 × Card".replace("×", "x"), [line.replace("×", "x") for line in found]) == (
        "2,991.40"
    )
    assert figure("VAT 19%", found).split() == ["2,310.40", "438.98"]
    assert figure("18:00", found).split() == ["23", "554.70"]


@needs_npos
def test_the_slip_says_what_needs_a_look_and_why_cash_is_missing() -> None:
    found = printed("day-80")
    assert "! €12.50 is missing from the drawer." in found
    assert "! Voids: 2, €23.10. Most by 2." in found
    assert figure("Difference", found) == "-€12.50"
    text = " ".join(found)
    assert "A payment of €12.50 by card may have been rung up as cash. T1-000412" in text


@needs_npos
def test_every_exception_of_a_cashier_stands_with_count_share_and_amount() -> None:
    review = days.ordinary()
    text = told(review).replace("×", "x")
    for one in review.staff:
        for exception in one.exceptions:
            assert f"{exception.count} x " in text
            if exception.kind is not Watched.NO_SALE:
                assert f"({one.share_of(exception.kind)}%)" in text


@needs_npos
def test_a_period_lists_its_days_instead_of_hours() -> None:
    text = told(days.month())
    assert "15 Feb 2026 – 14 Mar 2026".replace("–", "-") in text.replace("–", "-")
    assert "15.02." in text
    assert "09:00" not in text


@needs_npos
def test_a_running_day_is_held_only_against_the_same_hours() -> None:
    day = days.ordinary()
    so_far = replace(day.before.totals, takings=100_000, tickets=50)
    review = replace(day, is_running=True, before=replace(day.before, so_far=so_far))
    text = told(review)
    assert "So far: the day still runs." in text
    assert "Before 1,000.00" in text
    assert "4,418.70" not in text


@needs_npos
def test_long_lists_are_cut_and_say_how_many_more_there_are() -> None:
    text = told(days.enormous())
    assert f"and {40 - slips.MOST_CASHIERS} more" in text
    assert f"and {32 - slips.MOST_ATTENTION} more" in text


@needs_npos
def test_the_proof_that_everything_was_sent_stands_at_the_end() -> None:
    proof = OfficeProof(223, 211, days.MADE, is_same=True)
    text = told(replace(days.ordinary(), unsent=Unsent(12, 0, proof)))
    assert "Entries not sent yet: 12." in text
    assert "12 receipts are not there yet." in text


@needs_npos
@pytest.mark.parametrize("name", ["day-80", "day-58", "day-month-80"])
def test_no_line_runs_over_the_edge(name: str) -> None:
    width = 48 if name.endswith("80") else 32
    assert max(len(line) for line in lines(job(name))) <= width


def test_arabic_is_drawn() -> None:
    assert b"\x1dv0" in job("day-arabic-80")


def test_every_day_fits_a_slip_whatever_its_size() -> None:
    for review in (days.enormous(), days.empty(), days.hostile(), days.month()):
        for printer in (NARROW, WIDE):
            assert write_job(day_slip(review, ENGLISH), printer)


def test_a_review_survives_the_spool() -> None:
    for review in (days.ordinary(), days.month(), days.empty(), days.enormous()):
        assert from_plain(DayReview, to_plain(review)) == review


def test_nothing_before_is_no_comparison() -> None:
    day = days.ordinary()
    review = replace(day, before=Before(day.before.period, days.empty().totals), mean=None)
    parts = day_slip(review, ENGLISH).parts
    assert not any("Before" in getattr(part, "text", "") for part in parts)
