"""Labels on sheets as a PDF with embedded fonts; the same input always gives the same bytes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from pos_app.printing.document_fonts import font
from pos_app.printing.label import Label
from pos_app.printing.label_formats import LabelFormat
from pos_app.printing.label_layout import MM, LabelArea, LaidLabel, LaidSymbol, lay_label
from pos_app.printing.label_symbol import Symbology, bars, dark_runs, matrix
from pos_app.printing.label_type import SetLine, run_width
from pos_app.printing.raster import Face, font_file

_MARK = 2 * MM
_HAIRLINE = 0.25
_TOLD_EVERY = 25


@dataclass(frozen=True, slots=True)
class LabelRun:
    """Labels in their order with how many of each; `start` (from 1) is the first free place.

    `start` matters for sheets of which some labels are gone; cut marks are for plain paper.
    """

    labels: Sequence[tuple[Label, int]]
    start: int = 1
    cut_marks: bool = False

    @property
    def count(self) -> int:
        """How many labels it is in all."""
        return sum(copies for _, copies in self.labels)


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A laid-out label on a page: `page` from 0, the corner in points from the upper left."""

    page: int
    left: float
    top: float
    label: LaidLabel


def first_place(run: LabelRun, paper: LabelFormat) -> int:
    """Return how many places of the first sheet stay free."""
    return min(max(run.start, 1), paper.per_page) - 1


def placed_labels(run: LabelRun, paper: LabelFormat) -> Iterator[PlacedLabel]:
    """Yield every label of a run in its place; a product's copies are laid out once."""
    area = area_of(paper)
    number = first_place(run, paper)
    for label, copies in run.labels:
        laid = lay_label(label, area)
        for _ in range(copies):
            page, place = divmod(number, paper.per_page)
            left, top = paper.place(place)
            yield PlacedLabel(page, left * MM, top * MM, laid)
            number += 1


def area_of(paper: LabelFormat, dot: float = 0) -> LabelArea:
    """Return the room of one label in points; `dot` for printers whose bars are whole dots."""
    (width, height), (side, top) = paper.label, paper.inset
    return LabelArea(width * MM, height * MM, (side * MM, top * MM), paper.is_shelf, dot)


def write_sheet(
    run: LabelRun,
    paper: LabelFormat,
    file: BinaryIO,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Write a run as a PDF and return its pages; `on_progress` may raise to stop."""
    canvas = _canvas(file, paper)
    total, page = run.count, 0
    for done, placed in enumerate(placed_labels(run, paper)):
        if placed.page != page:
            page = placed.page
            canvas.showPage()
        _draw(canvas, placed, paper.page[1] * MM)
        if run.cut_marks:
            _mark(canvas, placed, paper.page[1] * MM)
        if done % _TOLD_EVERY == 0:
            on_progress(done, total)
    canvas.save()
    on_progress(total, total)
    return page + 1


def cut_lines(placed: PlacedLabel) -> Iterator[tuple[float, float, float, float]]:
    """Yield the strokes at a label's corners where a knife goes, from point to point."""
    right, bottom = placed.left + placed.label.width, placed.top + placed.label.height
    for x, inward in ((placed.left, _MARK), (right, -_MARK)):
        for y, down in ((placed.top, _MARK), (bottom, -_MARK)):
            yield x, y, x + inward, y
            yield x, y, x, y + down


def _canvas(file: BinaryIO, paper: LabelFormat) -> Any:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only when labels are made

    size = (paper.page[0] * MM, paper.page[1] * MM)
    # `invariant` leaves time and chance out of the file.
    return Canvas(file, pagesize=size, invariant=1, pageCompression=1, initialFontName="Helvetica")


def _draw(canvas: Any, placed: PlacedLabel, page_height: float) -> None:
    for line in placed.label.lines:
        _write(canvas, line, placed.left, page_height - placed.top - line.baseline)
    if placed.label.symbol is not None:
        _bars(canvas, placed.label.symbol, placed.left, page_height - placed.top)


def _write(canvas: Any, line: SetLine, left: float, baseline: float) -> None:
    left += line.left
    for face, text in line.runs:
        canvas.setFont(_font(face, line.bold), line.size)
        canvas.drawString(left, baseline, text)
        left += run_width(face, text, line.bold) * line.size


def _bars(canvas: Any, symbol: LaidSymbol, left: float, top: float) -> None:
    """Draw a barcode's dark modules as one filled shape; PDF counts from below."""
    path = canvas.beginPath()
    for x, y, width, height in dark_boxes(symbol):
        path.rect(left + x, top - y - height, width, height)
    canvas.drawPath(path, stroke=0, fill=1)


def dark_boxes(symbol: LaidSymbol) -> Iterator[tuple[float, float, float, float]]:
    """Yield the dark boxes of a barcode: left, top, width and height on its label."""
    if symbol.symbol.symbology is not Symbology.QR:
        for start, width in dark_runs(bars(symbol.symbol)):
            left = symbol.left + start * symbol.module
            yield left, symbol.top, width * symbol.module, symbol.height
        return
    for number, row in enumerate(matrix(symbol.symbol)):
        for start, width in dark_runs(row):
            left, top = symbol.left + start * symbol.module, symbol.top + number * symbol.module
            yield left, top, width * symbol.module, symbol.module


def _mark(canvas: Any, placed: PlacedLabel, page_height: float) -> None:
    canvas.setLineWidth(_HAIRLINE)
    for from_x, from_y, to_x, to_y in cut_lines(placed):
        canvas.line(from_x, page_height - from_y, to_x, page_height - to_y)


def _font(face: Face, bold: bool) -> str:
    """Make a shipped font known to reportlab, as for documents, and return its name there."""
    name = font_file(face, bold).removesuffix(".ttf")
    font(name)
    return name
