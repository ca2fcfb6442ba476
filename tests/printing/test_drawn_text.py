"""Text drawn as dots: what the screen's translations hold is fit for paper too."""

import pytest

from pos_app.domain.shop import PrinterSettings
from pos_app.printing.escpos_reader import read_job
from pos_app.printing.raster import Lettering, Placed, draw_line
from pos_app.printing.receipt import render_receipt
from tests.printing import sales

PAPER_DOTS = 384


@pytest.mark.parametrize("copy", [False, True])
def test_a_return_is_printed_in_arabic(copy: bool) -> None:
    back = sales.returned(sales.rich_sale("SAR"))
    payload = render_receipt(back, sales.ARABIC, PrinterSettings(), copy=copy)
    assert any(command.name == b"\x1dv" for command in read_job(payload))


@pytest.mark.parametrize("words", ["مرتجع من الإيصال {number}", "Receipt {number}"])
def test_marks_that_isolate_a_number_leave_no_trace_on_paper(words: str) -> None:
    bare = words.format(number="A-000123")
    for first in "\u2066\u2067\u2068":
        isolated = words.format(number=f"{first}A-000123\u2069")
        assert Lettering().width(isolated) == Lettering().width(bare)
        drawn, expected = (
            draw_line([Placed(text, 0)], Lettering(), PAPER_DOTS) for text in (isolated, bare)
        )
        assert drawn == expected
