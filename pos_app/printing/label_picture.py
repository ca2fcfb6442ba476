"""A page of labels as a picture for the screen, from the same places as the paper."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from pos_app.assets import resource
from pos_app.printing.label_formats import LabelFormat
from pos_app.printing.label_layout import MM
from pos_app.printing.label_sheet import (
    LabelRun,
    PlacedLabel,
    cut_lines,
    dark_boxes,
    first_place,
    placed_labels,
)
from pos_app.printing.label_type import run_width
from pos_app.printing.raster import font_file

_PAPER, _INK, _EDGE, _GONE = 255, 0, 165, 228
_FINER = 3
_WIDTH_PX, _FINEST = 900, 300


def page_picture(run: LabelRun, paper: LabelFormat) -> bytes:
    """Return a PNG of a run's first page; faint lines show the labels, grey those that are gone."""
    dots_per_inch = min(round(_WIDTH_PX * 25.4 / paper.page[0]), _FINEST)
    # Letters of a few dots come out ragged, so they are drawn large and made smaller.
    large = draw_page(run, paper, dots_per_inch * _FINER, shows_edges=True)
    return _png(large.reduce(_FINER))


def draw_page(
    run: LabelRun, paper: LabelFormat, dots_per_inch: int, *, shows_edges: bool = False
) -> Image.Image:
    """Draw a run's first page in greys."""
    scale = dots_per_inch / 72
    size = tuple(round(side * MM * scale) for side in paper.page)
    image = Image.new("L", (size[0], size[1]), _PAPER)
    pen = ImageDraw.Draw(image)
    if shows_edges:
        _draw_edges(pen, run, paper, scale)
    for placed in placed_labels(run, paper):
        if placed.page > 0:
            break
        _draw_label(pen, placed, scale)
        for stroke in cut_lines(placed) if run.cut_marks else ():
            pen.line([point * scale for point in stroke], fill=_INK, width=_FINER)
    return image


def _draw_edges(pen: ImageDraw.ImageDraw, run: LabelRun, paper: LabelFormat, scale: float) -> None:
    width, height = paper.label
    for number in range(paper.per_page):
        left, top = paper.place(number)
        box = [side * MM * scale for side in (left, top, left + width, top + height)]
        fill = _GONE if number < first_place(run, paper) else None
        pen.rectangle(box, outline=_EDGE, fill=fill, width=_FINER)


def _draw_label(pen: ImageDraw.ImageDraw, placed: PlacedLabel, scale: float) -> None:
    for line in placed.label.lines:
        left = placed.left + line.left
        for face, text in line.runs:
            font = _font(font_file(face, line.bold), line.size * scale)
            at = (left * scale, (placed.top + line.baseline) * scale)
            pen.text(at, text, _INK, font, "ls")
            left += run_width(face, text, line.bold) * line.size
    if placed.label.symbol is None:
        return
    for left, top, width, height in dark_boxes(placed.label.symbol):
        x, y = (placed.left + left) * scale, (placed.top + top) * scale
        # The far edge belongs to the next module.
        box = [round(x), round(y), round(x + width * scale) - 1, round(y + height * scale) - 1]
        if box[2] >= box[0] and box[3] >= box[1]:
            pen.rectangle(box, fill=_INK)


@lru_cache(maxsize=64)
def _font(file: str, size: float) -> ImageFont.FreeTypeFont:
    path = str(resource("fonts") / file)
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _png(image: Image.Image) -> bytes:
    png = BytesIO()
    image.save(png, "PNG", compress_level=1)
    return png.getvalue()
