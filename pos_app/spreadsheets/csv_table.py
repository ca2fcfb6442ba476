"""CSV as shops have it: any usual encoding, delimiter and line end, told from the bytes."""

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.spreadsheets.formula_text import restored
from pos_app.spreadsheets.table import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    EncodingUnknown,
    FileIsEmpty,
    NotATable,
    Row,
)

DELIMITERS = (",", ";", "\t", "|")
_BLOCK_BYTES = 1 << 20
_SAMPLE_CHARS = 1 << 16
_SAMPLE_ROWS = 50
# Bytes that no text in an 8-bit encoding holds: C0 controls but tab, line ends and form feed.
_BINARY = bytes(set(range(9)) | {0x0B} | set(range(0x0E, 0x20)) - {0x1B})
_EXCEL_HINT = "sep="


class CellTooLong(PosError):
    """A cell beyond the limit, mostly a quotation mark that nobody closed."""

    sentence = (
        "From row {row} on a cell has more than {limit} characters. "
        "Look for a quotation mark that is not closed there."
    )


class TooManyColumns(PosError):
    """A row with more cells than any list has."""

    sentence = "Row {row} has more than {limit} columns. Check the file's separators there."


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one pass over the bytes told: encoding, line count and SHA-256 in hex."""

    encoding: str
    line_count: int
    sha256: str


def examine_text(path: Path) -> TextFacts:
    """Tell a text file's encoding in one streaming pass.

    A byte order mark decides; otherwise valid UTF-8 is UTF-8, and bytes that never are valid
    UTF-8 are taken as Windows-1252. Raises FileIsEmpty, NotATable or EncodingUnknown.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if not head.strip(b"\0\t\r\n \xef\xbb\xbf"):
            raise FileIsEmpty(name=path.name)
        encoding = _by_mark(head)
        if encoding is None and _is_binary(head):
            raise NotATable(name=path.name)
        file.seek(0)
        counter = _TextCounter(encoding or "utf-8")
        digest = hashlib.sha256()
        lines = 0
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
            lines += block.count(b"\n") or block.count(b"\r")
            counter.feed(block)
        counter.feed(b"", final=True)
    return TextFacts(_judged(counter, encoding, path), lines, digest.hexdigest())


def _is_binary(head: bytes) -> bool:
    """Whether bytes are no text: a zero, or more control characters than a slip explains."""
    return b"\0" in head or sum(byte in _BINARY for byte in head) * 10 > len(head)


def _by_mark(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:512]
    # Without a mark: Latin text in UTF-16 has a zero in every other byte.
    if len(sample) >= 4 and sample.count(0) * 3 > len(sample):
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    return None


class _TextCounter:
    """Counts, block by block, what decodes in one encoding and what does not."""

    def __init__(self, encoding: str) -> None:
        self._decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
        self.line = 1
        self.first_bad_line = 0
        self.foreign = 0
        self.bad = 0

    def feed(self, block: bytes, final: bool = False) -> None:
        text = self._decode(block, final)
        bad = text.count("\ufffd")
        if bad and not self.first_bad_line:
            self.first_bad_line = self.line + text.count("\n", 0, text.index("\ufffd"))
        self.bad += bad
        if not text.isascii():
            self.foreign += sum(char > "\x7f" for char in text) - bad
        self.line += text.count("\n")


def _judged(counter: _TextCounter, marked: str | None, path: Path) -> str:
    if not counter.bad:
        return marked or "utf-8"
    if marked is not None or counter.foreign:
        raise EncodingUnknown(name=path.name, line=counter.first_bad_line)
    with path.open(encoding="cp1252", newline="") as file:
        line = 1
        try:
            for line, _ in enumerate(file, 1):  # noqa: B007 - wanted when decoding fails
                pass
        except UnicodeDecodeError:
            raise EncodingUnknown(name=path.name, line=line) from None
    return "cp1252"


def guess_delimiter(sample: str) -> str:
    """Tell the delimiter that cuts most rows of `sample` into the same number (over 1) of cells."""
    first, _, _ = sample.partition("\n")
    if first.lower().startswith(_EXCEL_HINT) and len(first.strip()) == len(_EXCEL_HINT) + 1:
        return first.strip()[-1]
    if first.lower().startswith(_EXCEL_HINT) and first[len(_EXCEL_HINT) :].startswith("\t"):
        return "\t"
    return max(DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """How many rows agree on a width over 1, and that width."""
    widths: Counter[int] = Counter()
    try:
        for index, cells in enumerate(csv.reader(io.StringIO(sample, ""), delimiter=delimiter)):
            if index >= _SAMPLE_ROWS:
                break
            if len(cells) > 1:
                widths[len(cells)] += 1
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, count = widths.most_common(1)[0]
    return count, width


def read_sample(path: Path, encoding: str) -> str:
    """Return the beginning of a text file, enough to tell how it is built."""
    with path.open(encoding=encoding, newline="") as file:
        return file.read(_SAMPLE_CHARS)


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    """Yield every row of a CSV with the number of its first line; ends at the first broken one."""
    csv.field_size_limit(131_072)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        start = 1
        try:
            for cells in reader:
                if start > 1 or not _is_hint(cells, delimiter):
                    yield _row(start, cells)
                start = reader.line_num + 1
        except csv.Error:
            yield Row(start, (), CellTooLong(row=start, limit=CELL_LIMIT))


def _is_hint(cells: list[str], delimiter: str) -> bool:
    """Whether this is the line by which Excel names its delimiter."""
    return delimiter.join(cells).lower() == f"{_EXCEL_HINT}{delimiter}"


def _row(number: int, cells: list[str]) -> Row:
    if len(cells) > COLUMN_LIMIT:
        return Row(number, (), TooManyColumns(row=number, limit=COLUMN_LIMIT))
    if any(len(cell) > CELL_LIMIT for cell in cells):
        return Row(number, (), CellTooLong(row=number, limit=CELL_LIMIT))
    return Row(number, tuple(restored(cell) if cell[:1] == "'" else cell for cell in cells))
