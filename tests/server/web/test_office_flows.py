"""What people do on head office's pages, in a real browser."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pos_app.domain.report_period import ReportPeriod
from pos_app.server.office_day import office_review
from pos_app.server.roles import Role
from pos_app.server.web.figures import money_words
from tests.server.offices import PASSWORD, SHOP
from tests.server.paper_tills import PaperTill
from tests.server.serving import Served, serve
from tests.server.told_tills import judge_all, push
from tests.server.web.conftest import UNLIMITED
from tests.server.web.stage import Stage, evening, one_sale, opened_stage

DAY = "start=2026-06-01&end=2026-06-01"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage of its own: here things change."""
    with opened_stage(Path(tmp_path_factory.mktemp("flows")) / "office.db", busy=6) as made:
        yield made


@pytest.fixture(scope="module")
def served(stage: Stage) -> Iterator[Served]:
    with serve(stage.office, UNLIMITED, now=evening) as running:
        yield running


def press_until(page: Any, name: str, most: int = 60) -> None:
    """Press Tab until a link or button of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate("document.activeElement.textContent.trim()")
        if told == name:
            return
    pytest.fail(f"nobody reaches {name} by the keyboard")


def test_somebody_signs_in_and_finds_their_way_by_the_keyboard_alone(
    look: Callable[..., Any], served: Served, stage: Stage
):
    seen = look(None)
    page = seen.page
    page.goto(f"{served.url}/office/inbox")
    page.keyboard.type(stage.email(Role.OWNER))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/inbox")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.bounding_box()["y"] >= 0, "the skip link stays hidden"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"{served.url}/office/")
    press_until(page, "Day")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "nobody sees where the focus is"
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/day")
    assert seen.faults == []


def test_a_wrong_sign_in_is_read_out_and_the_focus_is_on_it(
    look: Callable[..., Any], served: Served, stage: Stage
):
    page = look(None).page
    page.goto(f"{served.url}/office/sign-in")
    page.fill("#email", stage.email(Role.OWNER))
    page.fill("#password", "not this one")
    page.keyboard.press("Enter")
    told = page.get_by_role("alert")
    told.wait_for()
    assert "Email or password is wrong" in told.inner_text()
    assert page.evaluate("document.activeElement.id") == "problems"


def test_the_figures_of_the_page_are_those_of_head_office_and_lead_to_their_receipts(
    look: Callable[..., Any], served: Served, stage: Stage
):
    with stage.office.company(stage.company_id) as connection:
        day = evening().date()
        review = office_review(
            connection, stage.company_id, None, ReportPeriod(day, day), None, None, evening()
        )
    page = look().page
    page.goto(f"{served.url}/office/day?{DAY}")
    shown = page.locator(".figures .figure strong").all_inner_texts()
    assert shown[0] == money_words(review.totals.money("takings"), "en")
    assert shown[1] == str(review.totals.tickets)
    page.locator(".figures a").first.click()
    page.wait_for_url("**/office/day/receipts?**")
    assert page.locator("tbody tr").count() == min(50, review.totals.documents)
    page.locator("tbody a").first.click()
    page.wait_for_url("**/office/day/receipts/*")
    assert page.locator(".why li").count() > 1
    assert page.locator(".entries li").count() >= 1


def test_a_bar_of_the_chart_leads_to_the_receipts_of_its_hour(
    look: Callable[..., Any], served: Served
):
    page = look().page
    page.goto(f"{served.url}/office/day?{DAY}")
    page.locator(".chart .wide a").first.click()
    page.wait_for_url("**hour=*")
    assert page.locator("tbody tr").count() > 0


def test_the_day_of_one_shop_is_its_part_and_the_address_says_it(
    look: Callable[..., Any], served: Served
):
    page = look().page
    page.goto(f"{served.url}/office/day?{DAY}")
    page.get_by_text("Choose", exact=True).click()
    page.select_option("#shop", SHOP)
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**shop={SHOP}*")
    assert page.get_by_role("heading", level=1).inner_text() == "Day of Harbour"


def test_live_figures_come_without_loading_the_page_again(
    look: Callable[..., Any], served: Served, stage: Stage
):
    seen = look()
    page = seen.page
    page.goto(f"{served.url}/office/")
    tickets = page.locator("[data-figure=tickets] [data-value]")
    before = int(tickets.inner_text())
    till = PaperTill(number="9")
    till.tell("store_opened", {"public_key": till.public_key}, evening() - timedelta(days=1))
    till.enrol(stage.office, stage.company_id)
    for number in (9_001, 9_002):
        at = evening() - timedelta(minutes=5)
        till.tell("sale_completed", one_sale(till, number, at, "Maya"), at)
    push(stage.office, till)
    judge_all(stage.office, stage.company_id)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text(str(before + 2), exact=True).wait_for()
    assert seen.faults == []


def test_figures_go_into_a_spreadsheet(look: Callable[..., Any], served: Served):
    page = look().page
    page.goto(f"{served.url}/office/day?{DAY}")
    answer = page.request.get(f"{served.url}/office/day/figures.xlsx?{DAY}")
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))
    assert len(book.sheetnames) >= 3
    told = page.request.get(f"{served.url}/office/day/figures.csv?{DAY}")
    assert told.body().startswith(b"\xef\xbb\xbf")
    assert 'attachment; filename="day-2026-06-01' in told.headers["content-disposition"]


def test_a_till_is_shut_out_after_a_question_and_let_in_again(
    look: Callable[..., Any], served: Served, stage: Stage
):
    page = look(Role.MANAGER).page
    page.goto(f"{served.url}/office/shops/{SHOP}/tills/{stage.till_id}")
    page.get_by_text("Shut this till out").click()
    page.get_by_role("button", name="Shut it out").click()
    page.get_by_role("status").get_by_text("The till is shut out.").wait_for()
    page.get_by_text("Let this till back in").click()
    page.get_by_role("button", name="Let it in").click()
    page.get_by_role("status").get_by_text("The till may come back.").wait_for()


def test_a_code_for_a_new_till_is_shown_once_with_its_picture(
    look: Callable[..., Any], served: Served
):
    seen = look(Role.MANAGER)
    page = seen.page
    page.goto(f"{served.url}/office/codes")
    page.get_by_role("button", name="Make a code").click()
    code = page.locator(".secret").inner_text()
    assert len(code) == 11
    assert page.locator("img.qr").evaluate("one => one.complete && one.naturalWidth > 0")
    page.goto(f"{served.url}/office/codes")
    assert code not in page.content()
    assert seen.faults == []


def test_what_waits_is_settled_by_the_remedy_that_somebody_chooses(
    look: Callable[..., Any], served: Served
):
    page = look(Role.MANAGER).page
    page.goto(f"{served.url}/office/inbox")
    before = page.locator("article").count()
    page.get_by_text("Leave aside", exact=True).first.click()
    page.get_by_role("button", name="Leave aside").click()
    page.get_by_role("status").get_by_text("Left aside.").wait_for()
    assert page.locator("article").count() == before - 1
    page.get_by_role("link", name="Settled").click()
    page.get_by_text("settled by The manager").wait_for()


def test_language_and_dress_are_kept_by_the_browser(look: Callable[..., Any], served: Served):
    page = look().page
    page.goto(f"{served.url}/office/account")
    page.select_option("#language", "ar")
    page.select_option("#theme", "dark")
    page.locator("form[action='/office/looks'] button").click()
    page.locator("html[dir=rtl]").wait_for()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(18, 21, 26)"
    side = page.locator("nav.side").bounding_box()
    assert side["x"] > 640, "the navigation stays on the left"


def test_the_policy_of_a_page_lets_no_script_run_that_is_not_ours(
    look: Callable[..., Any], served: Served
):
    seen = look()
    seen.page.goto(f"{served.url}/office/")
    seen.page.evaluate(
        "() => { const one = document.createElement('script');"
        " one.textContent = 'document.title = `taken`'; document.body.append(one);"
        " document.body.setAttribute('style', 'color: red'); }"
    )
    assert seen.page.title() != "taken"
    assert any("Content Security Policy" in one for one in seen.faults)


def test_journal_entries_of_a_receipt_have_words_and_hide_what_is_raw(
    look: Callable[..., Any], served: Served, stage: Stage
):
    page = look(Role.OWNER, "de").page
    page.goto(f"{served.url}/office/day/receipts/{stage.sale_id}")
    entry = page.locator(".entries details").first
    assert entry.locator("summary strong").inner_text() == "Bon"
    raw = entry.locator("pre")
    assert not raw.is_visible()
    entry.locator("summary").click()
    assert raw.is_visible()
    assert "sale_completed" in entry.inner_text()
