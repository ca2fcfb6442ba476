"""Label paper: sheets of labels for office printers and rolls for label printers, as data.

Measures in millimetres, as the makers of label paper print them on the box.
"""

from dataclasses import dataclass

from pos_app.texts import Later, later

A4 = (210.0, 297.0)
LETTER = (215.9, 279.4)
_INSET, _UNPRINTABLE = 1.8, 4.3


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """Where labels are on a page: the first one's corner, and from one to the next.

    `inset` is what stays empty at a label's sides, and at its top and bottom. A roll is a page of
    one label. Shelf labels give the price more room than the barcode.
    """

    key: str
    title: Later
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    corner: tuple[float, float] = (0.0, 0.0)
    pitch: tuple[float, float] = (0.0, 0.0)
    inset: tuple[float, float] = (_INSET, _INSET)
    is_shelf: bool = False

    @property
    def per_page(self) -> int:
        """How many labels a page has."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        """Whether each label is a page, as on the roll of a label printer."""
        return self.page == self.label

    def place(self, number: int) -> tuple[float, float]:
        """Return the upper left corner of the label `number` (from 0) of a page."""
        row, column = divmod(number, self.columns)
        left, top = self.corner
        return left + column * self.pitch[0], top + row * self.pitch[1]


def _grid(
    key: str,
    title: Later,
    page: tuple[float, float],
    grid: tuple[int, int],
    label: tuple[float, float],
    gap: float = 0.0,
    *,
    is_shelf: bool = False,
) -> LabelFormat:
    """Describe labels that stand in the middle of the page, `gap` apart from side to side."""
    columns, rows = grid
    left = (page[0] - columns * label[0] - (columns - 1) * gap) / 2
    top = (page[1] - rows * label[1]) / 2
    pitch = (label[0] + gap, label[1])
    # What touches the edge of the page would fall into the margin that no office printer prints.
    inset = (max(_INSET, _UNPRINTABLE - left), max(_INSET, _UNPRINTABLE - top))
    return LabelFormat(key, title, page, columns, rows, label, (left, top), pitch, inset, is_shelf)


def _roll(
    key: str, title: Later, width: float, height: float, *, shelf: bool = False
) -> LabelFormat:
    size = (width, height)
    return LabelFormat(key, title, size, 1, 1, size, is_shelf=shelf)


FORMATS = (
    _grid("a4-3x8", later("A4, 3 × 8 labels of 70 × 37 mm"), A4, (3, 8), (70.0, 37.0)),
    _grid("a4-3x7", later("A4, 3 × 7 labels of 63.5 × 38.1 mm"), A4, (3, 7), (63.5, 38.1), 2.54),
    _grid("a4-4x10", later("A4, 4 × 10 labels of 52.5 × 29.7 mm"), A4, (4, 10), (52.5, 29.7)),
    _grid("a4-shelf", later("A4, 2 × 7 shelf labels of 99.1 × 38.1 mm"), A4, (2, 7), (99.1, 38.1),
          2.5, is_shelf=True),
    _grid("letter-3x10", later("US Letter, 3 × 10 labels of 2⅝ × 1 in (5160)"), LETTER, (3, 10),
          (66.675, 25.4), 3.175),
    _roll("roll-40x25", later("Roll, labels of 40 × 25 mm"), 40.0, 25.0),
    _roll("roll-50x30", later("Roll, labels of 50 × 30 mm"), 50.0, 30.0),
    _roll("roll-57x32", later("Roll, labels of 57 × 32 mm"), 57.0, 32.0),
    _roll("roll-100x50", later("Roll, shelf labels of 100 × 50 mm"), 100.0, 50.0, shelf=True),
)  # fmt: skip


def format_named(key: str) -> LabelFormat | None:
    """Return the label paper with this key."""
    return next((one for one in FORMATS if one.key == key), None)
