"""An invoice on paper, against reportlab drawing the same letters and rules alone."""

from dataclasses import replace
from io import BytesIO
from time import perf_counter_ns

from reportlab.pdfgen.canvas import Canvas

from pos_app.domain.money import Money
from pos_app.printing.document_fonts import font
from pos_app.printing.document_pdf import lay_document, render_document
from pos_app.printing.document_sheet import Sheet
from tests.benchmarks.figures import MS, Figure, Size, median
from tests.printing.papers import LOGO, paper

ROUNDS = {Size.TINY: 2, Size.QUICK: 60, Size.FULL: 300}
LINES = 20
BAR = 3.0


def measure(size: Size) -> list[Figure]:
    rounds = ROUNDS[size]
    figures = []
    for language, name in (("de", "German"), ("zh", "Chinese"), ("ar", "Arabic")):
        figures.append(_against_floor(language, f"an invoice of {LINES} lines, {name}", rounds))
    logo = [_timed(render_document, _numbered("de", n, logo_path=LOGO)) for n in range(rounds)]
    long = [_timed(render_document, paper("de", 5_000 if size is not Size.TINY else 50))]
    figures.append(Figure("the same, German with a logo, median", median(logo)))
    figures.append(Figure("an invoice of 5,000 lines", long[0]))
    return figures


def _against_floor(language: str, name: str, rounds: int) -> Figure:
    """Measure by turns, each time another invoice."""
    render_document(paper(language, LINES))
    ours, floor = [], []
    for number in range(rounds):
        page = _numbered(language, number)
        ours.append(_timed(render_document, page))
        floor.append(_timed(draw_alone, lay_document(page)))
    note = "floor: reportlab's drawString and rect with the same text and lines"
    return Figure(f"{name}, median", median(ours), floor=median(floor), bar=BAR, note=note)


def _numbered(language: str, number: int, **changes: object):  # type: ignore[no-untyped-def]
    """An invoice no line of which is like one of the others: nothing of them can be reused."""
    page = paper(language, LINES, number=f"INV202611{number:04d}", **changes)
    rows = []
    for place, row in enumerate(page.table.rows):
        number_of, code, name, quantity, price, rate, _ = row.cells
        amount = Money((number * LINES + place) * 37, "EUR")
        figure = page.writing.money(amount)
        cells = (number_of, f"{code}-{number}", f"{name} {number}", quantity, price, rate, figure)
        rows.append(replace(row, cells=cells, amount=amount))
    address = replace(page.buyer, name=f"{page.buyer.name} {number}")
    return replace(page, table=replace(page.table, rows=tuple(rows)), buyer=address)


def draw_alone(sheet: Sheet) -> bytes:
    """Draw every letter and rule of the pages with reportlab, fonts known already."""
    file = BytesIO()
    canvas = Canvas(
        file,
        pagesize=(sheet.width, sheet.height),
        invariant=1,
        pageCompression=1,
        initialFontName=font("NotoSans-Regular").fontName,
    )
    for page in sheet.pages:
        for block in page.blocks:
            canvas.setFillColorRGB(*block.colour)
            below = sheet.height - block.top - block.height
            canvas.rect(block.left, below, block.width, block.height, stroke=0, fill=1)
        for line in page.letters:
            canvas.setFillColorRGB(*line.colour)
            left = line.left
            for run in line.piece.runs:
                canvas.setFont(run.font, line.size)
                canvas.drawString(left, sheet.height - line.baseline, run.letters)
                left += run.width * line.size
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _timed(draw, what) -> float:  # type: ignore[no-untyped-def]
    begun = perf_counter_ns()
    draw(what)
    return (perf_counter_ns() - begun) / MS
