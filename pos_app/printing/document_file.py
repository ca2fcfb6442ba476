"""Pages made into a PDF: every font embedded, sRGB named as output intent, no time and no chance.

The same pages always give the same bytes. There is no transparency, so that the file can become a
PDF/A-3 when the e-invoice is put into it (ISO 19005-3).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import Any

from pos_app.assets import resource
from pos_app.printing.document_fonts import font
from pos_app.printing.document_sheet import Block, Colour, Letters, Modules, Page, Sheet, Stroke
from pos_app.printing.printable import printable

_BOLD_STROKE = 0.016  # Of the size, around each letter of a font without a bold.
# reportlab's fonts keep what one document uses while it is written.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself; `language` is BCP 47, `day` the document's date."""

    title: str
    author: str
    language: str
    day: date


def write_pdf(sheet: Sheet, about: About) -> bytes:
    """Return the pages as a PDF."""
    with _ONE_AT_A_TIME:
        return _written(sheet, about)


def _written(sheet: Sheet, about: About) -> bytes:
    file = BytesIO()
    canvas = _canvas(file, sheet, about)
    for page in sheet.pages:
        _draw(canvas, page, sheet.height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _canvas(file: BytesIO, sheet: Sheet, about: About) -> Any:
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - only when documents are made

    canvas = Canvas(
        file,
        pagesize=(round(sheet.width, 2), round(sheet.height, 2)),
        # `invariant` leaves time and chance out of the file.
        invariant=1,
        pageCompression=1,
        # A first font that is embedded: reportlab's own default is not.
        initialFontName=font("NotoSans-Regular").fontName,
        pdfVersion=(1, 7),
        lang=about.language,
    )
    stamp = f"D:{about.day:%Y%m%d}000000Z"
    canvas.setDateFormatter(lambda *_: stamp)
    canvas.setTitle(printable(about.title))
    canvas.setAuthor(printable(about.author))
    canvas.setSubject(printable(about.title))
    canvas.setCreator("pos_app")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if sheet.is_mirrored:
        canvas.setViewerPreference("Direction", "R2L")
    _name_colours(canvas)
    return canvas


def _name_colours(canvas: Any) -> None:
    """Say that the colours are sRGB: without an output intent a printer may take them as it likes.

    reportlab leaves entries that it does not know out of the catalogue, so they are named to it.
    """
    from reportlab.pdfbase import pdfdoc  # noqa: PLC0415 - only when documents are made

    profile = pdfdoc.PDFStream()
    profile.content = _profile()
    profile.dictionary["N"] = 3
    profile.filters = [pdfdoc.PDFZCompress]
    catalog = canvas._doc.Catalog  # noqa: SLF001 - the catalogue has no other door
    intent = pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": canvas._doc.Reference(profile, "sRGB"),  # noqa: SLF001 - as above
        }
    )
    catalog.OutputIntents = pdfdoc.PDFArray([intent])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


@cache
def _profile() -> bytes:
    return resource("icc/sRGB.icc").read_bytes()


def _draw(canvas: Any, page: Page, height: float) -> None:
    operators = [*_blocks(page.blocks, height), *_strokes(page.strokes, height)]
    for code in page.codes:
        operators += _modules(code, height)
    if operators:
        canvas.addLiteral("\n".join(["q", *operators, "Q"]))
    for picture in page.pictures:
        below = height - picture.top - picture.height
        canvas.drawImage(picture.image, picture.left, below, picture.width, picture.height)
    if page.letters:
        canvas.addLiteral("\n".join(["BT", *_letters(canvas, page.letters, height), "ET"]))


def _blocks(blocks: Iterable[Block], height: float) -> Iterator[str]:
    for colour, same in groupby(blocks, key=lambda block: block.colour):
        yield f"{_numbers(colour)} rg"
        for block in same:
            below = height - block.top - block.height
            yield f"{block.left:.2f} {below:.2f} {block.width:.2f} {block.height:.2f} re"
        yield "f"


def _strokes(strokes: Iterable[Stroke], height: float) -> Iterator[str]:
    """Draw lines with round ends and corners."""
    for stroke in strokes:
        yield f"{_numbers(stroke.colour)} RG {stroke.thickness:.2f} w 1 J 1 j"
        first, *others = (f"{x:.2f} {height - y:.2f}" for x, y in stroke.points)
        yield " ".join((f"{first} m", *(f"{point} l" for point in others), "S"))


def _modules(code: Modules, height: float) -> Iterator[str]:
    """Draw a code's dark modules as one filled shape, in modules from its upper corner."""
    module = code.side / code.count
    yield f"0 g q {module:.4f} 0 0 {-module:.4f} {code.left:.2f} {height - code.top:.2f} cm"
    yield " ".join(f"{column} {row} {length} 1 re" for column, row, length in code.runs)
    yield "f Q"


def _letters(canvas: Any, letters: Iterable[Letters], height: float) -> Iterator[str]:
    """Yield the operators that show text, each font, size and colour named only when it changes."""
    document, escape = canvas._doc, canvas._escape  # noqa: SLF001 - what drawString itself uses
    now_font: tuple[str, float] | None = None
    now_colour: Colour | None = None
    is_stroked = False
    for line in letters:
        if line.colour != now_colour:
            now_colour = line.colour
            yield f"{_numbers(now_colour)} rg {_numbers(now_colour)} RG"
        left, below = line.left, height - line.baseline
        for run in line.piece.runs:
            must_stroke = run.is_emboldened
            if must_stroke is not is_stroked:
                is_stroked = must_stroke
                yield f"2 Tr {line.size * _BOLD_STROKE:.3f} w" if is_stroked else "0 Tr"
            yield f"1 0 0 1 {left:.2f} {below:.2f} Tm"
            face = font(run.font)
            for subset, codes in face.splitString(run.letters, document):
                name = face.getSubsetInternalName(subset, document)
                if now_font != (name, line.size):
                    now_font = (name, line.size)
                    yield f"{name} {line.size:g} Tf"
                yield f"({escape(codes)}) Tj"
            left += run.width * line.size
    if is_stroked:
        yield "0 Tr"


def _numbers(colour: Colour) -> str:
    return " ".join(f"{part:.4g}" for part in colour)
