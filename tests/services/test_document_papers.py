"""Papers of real documents: every figure is there, every sum adds up, and read back by pypdf."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.delivery_note import DeliveryNoteState
from pos_app.domain.discount import DiscountBasis, DiscountKind, DocumentDiscount
from pos_app.domain.invoice import InvoiceState, figured
from pos_app.domain.money import Money
from pos_app.domain.order import OrderState
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.quotation import QuotationState
from pos_app.domain.shop import ShopSettings
from pos_app.domain.statement import EntryKind, Movement, Statement, ages_of, open_items
from pos_app.domain.statement import with_balances as balanced
from pos_app.domain.tax import TaxRounding
from pos_app.printing.document_page import LANGUAGES, DocumentPage, Weight
from pos_app.printing.document_pdf import render_document
from pos_app.printing.document_words import keys, word
from pos_app.services.account_papers import (
    reminder_page,
    render_reminder,
    render_statement,
    statement_page,
)
from pos_app.services.document_papers import Document, paper_of, render_paper
from tests.printing.papers import codes, reader, whole_text
from tests.services.paper_samples import (
    BUYERS,
    DAY,
    LOGO,
    credited,
    delivery_note,
    invoice,
    lines,
    order,
    paid,
    quotation,
    sales_return,
    shop,
)

languages = pytest.mark.parametrize("language", LANGUAGES)


def every_document(language: str) -> list[Document]:
    one = invoice(language=language)
    return [
        quotation(language),
        order(language),
        delivery_note(language),
        one,
        credited(paid(one, 5000), 1000),
        sales_return(language),
        sales_return(language, of=one),
    ]


@languages
def test_every_document_has_a_paper_in_every_language_always_the_same(language: str) -> None:
    for document in every_document(language):
        pdf = render_paper(document, shop())
        assert pdf == render_paper(document, shop())
        assert len(reader(pdf).pages) == 1
        assert document.head.number in "".join(page.extract_text() for page in reader(pdf).pages)


def test_a_customer_abroad_is_written_to_in_their_own_language() -> None:
    def title(country: str, wanted: str = "") -> str:
        one = invoice()
        customer = replace(one.head.customer, country=country)
        head = replace(one.head, customer=customer, language=wanted)
        return paper_of(replace(one, head=head), shop()).title

    assert [title(country) for country in ("DE", "FR", "CN", "EG", "GB", "PL", "?", "")] == [
        "Rechnung", "Facture", "发票", "فاتورة", "Invoice", "Rechnung", "Rechnung", "Rechnung",
    ]  # fmt: skip
    assert title("FR", "en") == "Invoice"


def test_what_was_written_for_the_shop_only_never_leaves_it() -> None:
    for document in every_document("de"):
        assert "never on paper" not in whole_text(render_paper(document, shop()))


def test_an_invoice_names_what_the_law_wants_on_it() -> None:
    text = whole_text(render_paper(invoice(), shop()))
    for part in (
        "Eckladen Müller & Söhne GmbH", "Hauptstraße 1", "Buchhandlung am Hafen GmbH",
        "Kaistraße 12", "20457 Hamburg", "DE123456789", "29/123/45678", "INV2026110042",
        "21.11.2026", "20.11.2026", "19 %", "7 %", "HRB 12345 B",
    ):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("document", every_document("de")[:2] + every_document("de")[3:5])
def test_discounts_on_lines_and_document_are_shown(document: Document) -> None:
    text = whole_text(render_paper(replace(document), shop()))
    assert "10 %" in text


def number_in(text: str) -> int:
    """An amount in cents, however its thousands and places are written."""
    return int(re.sub(r"[^\d-]", "", text))


def adds_up(page: DocumentPage) -> bool:
    """Whether a reader with a pencil comes to the same: lines, then each row down to the due."""
    assert page.table is not None
    so_far = sum(row.amount.minor for row in page.table.rows if row.amount is not None)
    words = {word("en", key) for key in ("subtotal", "net", "gross", "total", "credit_total")}
    for total in page.totals:
        amount = number_in(total.amount)
        if total.label in words or total.weight in (Weight.STRONG, Weight.DUE):
            is_in_favour = total.label == word("en", "in_your_favour")
            if (-amount if is_in_favour else amount) != so_far:
                return False
        else:
            so_far += amount
    return True


discounts = st.lists(
    st.builds(
        DocumentDiscount,
        st.sampled_from(DiscountKind),
        st.decimals(0, 30, places=1),
        st.sampled_from(DiscountBasis),
    ),
    max_size=2,
)
policies = st.builds(PricePolicy, st.just("EUR"), st.booleans(), st.sampled_from(TaxRounding))


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 12), policies, discounts, st.integers(-2, 2), st.integers(0, 3000))
def test_the_figures_on_the_paper_add_up(
    count: int, policy: PricePolicy, given_off: list[DocumentDiscount], rounding: int, part: int
) -> None:
    one = invoice(count, "en")
    head = replace(one.head, policy=policy)
    made = figured(replace(one, head=head, discounts=tuple(given_off)))
    made = paid(replace(made, rounding=Money(rounding, "EUR")), part)
    assert adds_up(paper_of(credited(made, 7), shop()))
    without_parts = replace(made, discount_amounts=())
    assert adds_up(paper_of(without_parts, shop()))


@settings(max_examples=30, deadline=None)
@given(policies, discounts)
def test_the_figures_of_a_credit_note_add_up(
    policy: PricePolicy, given_off: list[DocumentDiscount]
) -> None:
    one = invoice(5, "en")
    made = figured(replace(one, head=replace(one.head, policy=policy), discounts=tuple(given_off)))
    back = sales_return("en", of=made)
    page = paper_of(replace(back, head=replace(back.head, policy=policy)), shop())
    assert adds_up(page)


def test_a_wrong_total_would_be_noticed() -> None:
    wrong = replace(invoice(language="en"), gross=Money(1, "EUR"))
    assert not adds_up(paper_of(wrong, shop()))


def test_a_delivery_note_has_no_prices_and_room_to_sign() -> None:
    text = whole_text(render_paper(delivery_note(), shop()))
    assert "13,34" not in text
    assert "Zahlungsbedingungen" not in text
    for part in ("DHL", "00340434161094000000", "Bestellt", "Geliefert", "Ware vollständig"):
        assert part in text, part


def test_a_credit_note_says_which_invoice_it_is_for_and_has_no_payment_code() -> None:
    pdf = render_paper(sales_return(of=invoice()), shop())
    assert "Rechnungskorrektur gehört zur Rechnung INV2026110042" in whole_text(pdf)
    assert codes(pdf) == []


def test_a_part_payment_lowers_what_is_due_and_what_the_code_pays() -> None:
    one = invoice()
    pdf = render_paper(credited(paid(one, 5000), 1000), shop())
    left = one.total.minor - 6000
    (code,) = codes(pdf)
    assert f"EUR{left / 100:.2f}" in code.split("\n")
    assert "-50,00" in whole_text(pdf)


def test_a_paid_invoice_thanks_and_asks_for_nothing() -> None:
    one = invoice()
    pdf = render_paper(paid(one, one.total.minor), shop())
    assert "Diese Rechnung ist bezahlt" in whole_text(pdf)
    assert codes(pdf) == []
    too_much = render_paper(paid(one, one.total.minor + 100), shop())
    assert "Zu Ihren Gunsten" in whole_text(too_much)


def test_paying_early_says_until_when_and_how_much() -> None:
    text = whole_text(render_paper(invoice(language="en"), shop()))
    total = invoice(language="en").total.minor
    told = re.search(r"2 ?% off if you pay by 1 Dec 2026: ([^a-z]+)\.", " ".join(text.split()))
    assert told, text
    assert number_in(told[1]) == round(total * 0.98)


def test_a_draft_is_marked_and_cannot_be_paid() -> None:
    one = invoice()
    draft = replace(one, head=replace(one.head, number=""), state=InvoiceState.DRAFT)
    pdf = render_paper(draft, shop())
    assert "Entwurf" in whole_text(pdf)
    assert codes(pdf) == []
    assert paper_of(replace(quotation(), state=QuotationState.SUBMITTED), shop()).mark == "Entwurf"
    assert paper_of(replace(order(), state=OrderState.CANCELLED), shop()).mark == "Storniert"
    fallen = replace(delivery_note(), state=DeliveryNoteState.CANCELLED)
    assert paper_of(fallen, shop()).mark == "Storniert"
    assert paper_of(invoice(), shop()).mark == ""


def test_every_paper_of_a_training_is_marked() -> None:
    trained = shop(is_training=True)
    for document in every_document("de"):
        assert paper_of(document, trained).mark == "Übung"
    assert reminder_page([invoice()], trained, DAY).mark == "Übung"


def test_a_shop_with_nothing_set_up_has_papers_too() -> None:
    bare = ShopSettings()
    for document in every_document("en"):
        head = replace(document.head, language="")
        assert render_paper(replace(document, head=head), bare)


def test_the_logo_and_the_invoices_own_colour_are_used() -> None:
    documents = replace(shop().documents, logo_path=LOGO)
    page = paper_of(invoice(colour="#AA0000"), shop(documents=documents))
    assert (page.logo_path, page.colour) == (LOGO, "#AA0000")


def test_names_with_markup_and_control_characters_are_drawn_as_they_are() -> None:
    evil = "<para>Big & Co</para>\x00\x1b"
    one = invoice(2)
    head = replace(one.head, customer=replace(one.head.customer, name=evil), remarks=evil)
    text = whole_text(render_paper(replace(one, head=head), shop(name=evil)))
    assert text.count("<para>Big & Co</para>") >= 3


def test_an_invoice_of_five_thousand_lines_has_all_of_them() -> None:
    one = invoice(3)
    many = tuple(replace(one.lines[0], line=line) for line in lines(5000))
    pdf = render_paper(replace(one, lines=many), shop())
    assert "ART-5000" in whole_text(pdf)


def statement(count: int = 12) -> Statement:
    def euros(minor: int) -> Money:
        return Money(minor, "EUR")

    moves = [
        Movement(
            date(2026, 9, number + 1),
            EntryKind.INVOICE if number % 2 == 0 else EntryKind.PAYMENT,
            f"INV20260900{number:02d}",
            euros(10_000 if number % 2 == 0 else -7_000),
            f"d{number // 2}",
            due=date(2026, 10, number + 1),
        )
        for number in range(count)
    ]
    entries, items = balanced(moves, euros(2_500)), open_items(moves, DAY)
    return Statement(
        "c1", "EUR", date(2026, 9, 1), DAY, euros(2_500), entries, entries[-1].balance, items,
        ages_of(items, "EUR"),
    )  # fmt: skip


@languages
def test_a_statement_shows_every_movement_and_the_balance(language: str) -> None:
    told = statement()
    customer = replace(BUYERS[language])
    page = statement_page(told, customer, shop(), DAY)
    assert page.language == language
    assert page.table is not None
    assert page.table.rows[-1].cells[-1] == page.writing.money(told.closing)
    pdf = render_statement(told, customer, shop(), DAY)
    drawn = "".join(page.extract_text() for page in reader(pdf).pages)
    assert all(entry.number in drawn for entry in told.entries)
    (code,) = codes(pdf)
    assert f"EUR{told.closing.amount}" in code


LEVELS = [(1, "Zahlungserinnerung"), (2, "Mahnung"), (3, "Letzte Mahnung"), (9, "Letzte Mahnung")]


@pytest.mark.parametrize(("level", "title"), LEVELS)
def test_a_reminder_grows_plainer_and_asks_for_the_sum(level: int, title: str) -> None:
    late = replace(invoice(), due=date(2026, 11, 1))
    pdf = render_reminder([late, invoice(2)], shop(), DAY, level)
    text = whole_text(pdf)
    assert title in text
    assert "28.11.2026" in text
    owed = late.balance + invoice(2).balance
    (code,) = codes(pdf)
    assert f"EUR{owed.amount}" in code


def test_every_word_is_there_in_every_language() -> None:
    for key in keys():
        fields = {frozenset(re.findall(r"{(\w+)}", raw(key, one))) for one in LANGUAGES}
        assert len(fields) == 1, key
        for language in LANGUAGES:
            assert raw(key, language).strip(), (key, language)


def raw(key: str, language: str) -> str:
    names = "day number page pages first last percent amount range".split()
    return word(language, key, **{name: f"{{{name}}}" for name in names})


def test_a_page_can_be_made_and_drawn_apart() -> None:
    assert render_document(paper_of(invoice(), shop())) == render_paper(invoice(), shop())
