"""Pages of a PDF as pictures: the right size, the right colours, and no crash on rubbish."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from pos_app.printing.pdf_pages import PdfUnreadable, page_picture, page_png, page_sizes

A4 = (595.0, 842.0)


def pdf(*sizes: tuple[float, float]) -> bytes:
    """Make a PDF whose pages are red on their left half and blue on their right one."""
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    for width, height in sizes:
        canvas.setPageSize((width, height))
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(0, 0, width / 2, height, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 1)
        canvas.rect(width / 2, 0, width / 2, height, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_the_pages_tell_their_sizes() -> None:
    assert page_sizes(pdf(A4, (612, 792))) == (A4, (612, 792))


def test_a_page_is_drawn_in_its_colours_at_the_asked_size() -> None:
    drawn = page_picture(pdf((144, 72)), 0, 300)
    assert (drawn.width, drawn.height, drawn.stride) == (600, 300, 2400)
    assert len(drawn.pixels) == 600 * 300 * 4
    assert drawn.pixels[:3] == b"\x00\x00\xff"
    assert drawn.pixels[-4:-1] == b"\xff\x00\x00"


def test_a_png_is_read_by_somebody_else() -> None:
    with Image.open(BytesIO(page_png(pdf((144, 72)), 0, 72))) as picture:
        assert picture.size == (144, 72)
        assert [picture.getpixel((x, 10)) for x in (10, 130)] == [(255, 0, 0), (0, 0, 255)]


def test_a_page_as_large_as_a_wall_does_not_take_the_memory() -> None:
    drawn = page_picture(pdf((14_000, 14_000)), 0, 300)
    assert drawn.width * drawn.height <= 25_100_000


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7\n", b"x" * 1000])
def test_what_is_no_pdf_is_told(rubbish: bytes) -> None:
    with pytest.raises(PdfUnreadable, match="damaged"):
        page_sizes(rubbish)


def test_threads_take_turns() -> None:
    papers = [pdf((72 + n, 72)) for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        widths = [drawn.width for drawn in pool.map(lambda one: page_picture(one, 0, 72), papers)]
    assert widths == [72 + n for n in range(16)]
