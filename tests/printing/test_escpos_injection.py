"""Nothing that a name, a note or an address holds can become a command of the printer."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.cart import ReturnOf
from pos_app.domain.customer import Customer
from pos_app.domain.discount import LineDiscount
from pos_app.domain.payment import TenderMethod, TenderRequest
from pos_app.domain.sale import Sale
from pos_app.domain.shop import PrinterSettings, ReceiptSettings, ShopSettings
from pos_app.printing.escpos_reader import LINE_FEED, TEXT, read_job
from pos_app.printing.receipt import render_receipt
from tests.printing import sales
from tests.printing.someone_elses import decode, needs_npos

ATTACKS = [
    "\x1b@",
    "\x1dV\x00",
    "\x1dVB\x00",
    "\x10\x14\x01\x00\x05",
    "\x10\x04\x04",
    "\x1bp\x00\x32\x32",
    "\x1b=\x00",
    "\x1c&",
    "\x1dv0\x00\xff\x7f\xff\x7f",
    "\x1d(k\x03\x001Q0",
    "\x1bt\x10",
    "\x00" * 5,
    "\r\n\f\v",
    "\x9b",
    "\x85",
    "\u202e",
    "\u2066\u2069",
    "\u2028",
    "\x7f",
    "\x18",
    "\ud800",
]
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(ATTACKS),
        st.text(st.characters(max_codepoint=0x9F), max_size=6),
        st.text("ab c\x1b\x1d\x10\x1c\x00", max_size=12),
    ),
    max_size=5,
).map("".join)
PRINTER = PrinterSettings()


def documents(text: str) -> tuple[Sale, ShopSettings]:
    """A sale and a shop that hold `text` wherever somebody can type."""
    cart = sales.cart_of((sales.product("x", "1.00"), "3"))
    line = replace(
        cart.lines[0], name=text, note=text, discount=LineDiscount(sales.Decimal(10), reason=text)
    )
    customer = Customer("c", text, text, tax_number=text)
    cart = replace(cart, lines=(line,), note=text, customer=customer)
    sale = sales.sold(cart, TenderRequest(TenderMethod.CARD))
    sale = replace(
        sale,
        number=text or "1",
        stamp=replace(sale.stamp, till=text, staff=text),
        lines=(replace(sale.lines[0], returns=ReturnOf(sale_number=text, reason=text)),),
        tenders=tuple(replace(one, reference=text) for one in sale.tenders),
        taxes=tuple(replace(one, tax=replace(one.tax, name=text)) for one in sale.taxes),
    )
    shop = ShopSettings(
        name=text,
        address=(text,),
        phone=text,
        tax_number=text,
        receipt=ReceiptSettings(header=(text,), footer=(text,), language="en"),
        time_zone=text,
    )
    return sale, shop


def shape(payload: bytes) -> list[tuple[bytes, bytes]]:
    """The commands of a job but for text, line feeds and what a QR code or drawn line holds."""
    commands = (c for c in read_job(payload) if c.name not in (TEXT, LINE_FEED))
    return [(c.name, b"" if c.name in (b"\x1d(", b"\x1dv") else c.data) for c in commands]


@given(HOSTILE)
@settings(max_examples=200)
def test_hostile_text_adds_no_command(text: str) -> None:
    payload = render_receipt(*documents(text), PRINTER)
    expected = {name for name, _ in shape(render_receipt(*documents("harmless"), PRINTER))}
    # A letter beyond the code page is drawn: that is the one thing text may bring about.
    assert {name for name, _ in shape(payload)} <= expected | {b"\x1dv"}
    for name in (b"\x1b@", b"\x1dV", b"\x1bt", b"\x1c."):
        assert sum(found == name for found, _ in shape(payload)) == 1
    assert not any(name == b"\x1bp" for name, _ in shape(payload))


@given(st.text("abc \x1b\x1d\x10\x14\x04@V\x00p", max_size=40))
def test_a_hostile_receipt_is_the_clean_one_with_question_marks(text: str) -> None:
    clean = "".join(" " if c in "\n\t" else "?" if c < " " else c for c in text)
    hostile_sale, hostile_shop = documents(text)
    clean_sale, clean_shop = documents(clean)
    same_number = replace(hostile_sale, number="1"), replace(clean_sale, number="1")
    assert render_receipt(same_number[0], hostile_shop, PRINTER) == render_receipt(
        same_number[1], clean_shop, PRINTER
    )


@needs_npos
def test_somebody_elses_decoder_finds_no_more_commands_either() -> None:
    def seen(text: str) -> list[tuple[str, bytes]]:
        payload = render_receipt(*documents(text), PRINTER)
        return [
            (one.name, b"" if one.name == "GS (k" else one.data)
            for one in decode(payload)
            if one.name not in ("text", "GS v0")
        ]

    for attack in ATTACKS:
        assert seen(f"a{attack}b") == seen("a?b"), repr(attack)


def test_a_price_of_text_in_a_code_page_never_holds_a_control_byte() -> None:
    payload = render_receipt(*documents("".join(map(chr, range(0x20, 0x250)))), PRINTER)
    texts = b"".join(c.data for c in read_job(payload) if c.name == TEXT)
    assert min(texts) >= 0x20
    assert 0x7F not in texts
