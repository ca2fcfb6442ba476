"""A DSFinV-K medium: one ZIP file with every CSV, `index.xml` and the DTD that it follows.

`index.xml` describes the files by the Beschreibungsstandard für die Datenträgerüberlassung
(version 1.0 of 2004-09-01), as the GoBD's supplement names it.
"""

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import TracebackType
from typing import TextIO
from xml.sax.saxutils import escape

from pos_app.assets import resource
from pos_app.services.dsfinvk.taxonomy import FILES, Field, File
from pos_app.spreadsheets.writing import FileNotWritable

DTD = "gdpdu-01-09-2004.dtd"
INDEX = "index.xml"
Value = str | int | Decimal | bool | None
Row = Mapping[str, Value]
# A medium made twice from the same closings is the same file: its members carry no time of making.
_MADE_AT = (1980, 1, 1, 0, 0, 0)


class Archive:
    """Takes rows in any order of files and makes the ZIP file at the end; a failure leaves none.

    Rows wait in files of their own, so memory does not grow with them. Raises FileNotWritable.
    """

    def __init__(self, path: Path, company: str, place: str) -> None:
        self._path = path
        self._about = (company, place)
        self._open = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}
        self._streams: dict[str, TextIO] = {}

    def __enter__(self) -> "Archive":
        try:
            folder = self._open.enter_context(
                tempfile.TemporaryDirectory(dir=self._path.parent, prefix=".dsfinvk-")
            )
            for file in FILES:
                stream = (Path(folder) / file.name).open("w", encoding="utf-8", newline="")
                self._open.enter_context(stream)
                names = [field.name for field in file.fields]
                writer = csv.DictWriter(stream, names, delimiter=";", lineterminator="\r\n")
                writer.writeheader()
                self._writers[file.name], self._streams[file.name] = writer, stream
        except OSError:
            self._open.close()
            raise FileNotWritable(name=self._path.name) from None
        self._folder = Path(folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if failure is None:
                self._finish()
        except OSError:
            raise FileNotWritable(name=self._path.name) from None
        finally:
            self._open.close()

    def add(self, file: File, row: Row) -> None:
        """Add a row; columns that it does not name stay empty."""
        written = {field.name: _written(field, row.get(field.name)) for field in file.fields}
        try:
            self._writers[file.name].writerow(written)
        except OSError:
            raise FileNotWritable(name=self._path.name) from None

    def _finish(self) -> None:
        for stream in self._streams.values():
            stream.close()
        half = self._folder / "medium.zip"
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as medium:
            _put(medium, INDEX, index_xml(*self._about).encode())
            _put(medium, DTD, resource(f"dsfinvk/{DTD}").read_bytes())
            for file in FILES:
                info = zipfile.ZipInfo(file.name, _MADE_AT)
                info.compress_type = zipfile.ZIP_DEFLATED
                with (self._folder / file.name).open("rb") as rows, medium.open(info, "w") as into:
                    while part := rows.read(1 << 20):
                        into.write(part)
        with half.open("rb+") as whole:
            os.fsync(whole.fileno())
        half.replace(self._path)


def index_xml(company: str, place: str) -> str:
    """Return the description of the medium; `company` supplies the data, from `place`."""
    out = io.StringIO()
    out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE DataSet SYSTEM "{DTD}">\n')
    out.write("<DataSet>\n  <Version>1.0</Version>\n  <DataSupplier>\n")
    out.write(f"    <Name>{escape(company)}</Name>\n    <Location>{escape(place)}</Location>\n")
    out.write("    <Comment>DSFinV-K 2.4</Comment>\n  </DataSupplier>\n")
    out.write("  <Media>\n    <Name>DSFinV-K</Name>\n")
    for file in FILES:
        out.write(_described(file))
    out.write("  </Media>\n</DataSet>\n")
    return out.getvalue()


def _described(file: File) -> str:
    columns = "".join(
        f"        <VariableColumn><Name>{field.name}</Name>{_kind(field)}</VariableColumn>\n"
        for field in file.fields
    )
    return (
        f"    <Table>\n      <URL>{file.name}</URL>\n      <Name>{file.title}</Name>\n"
        "      <UTF8/>\n      <DecimalSymbol>,</DecimalSymbol>\n"
        "      <DigitGroupingSymbol>.</DigitGroupingSymbol>\n"
        "      <Range><From>2</From></Range>\n      <VariableLength>\n"
        "        <ColumnDelimiter>;</ColumnDelimiter>\n"
        "        <RecordDelimiter>&#13;&#10;</RecordDelimiter>\n"
        "        <TextEncapsulator>&quot;</TextEncapsulator>\n"
        f"{columns}      </VariableLength>\n    </Table>\n"
    )


def _kind(field: Field) -> str:
    if field.places is None:
        return f"<AlphaNumeric/><MaxLength>{field.length}</MaxLength>"
    return (
        f"<Numeric><Accuracy>{field.places}</Accuracy></Numeric>" if field.places else "<Numeric/>"
    )


def _written(field: Field, value: Value) -> str:
    """Write a value as its column wants it: a comma before the places, no line breaks in texts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if field.places is not None:
        exact = Decimal(value).quantize(Decimal(1).scaleb(-field.places), ROUND_HALF_UP)
        return f"{exact:f}".replace(".", ",")
    return " ".join(str(value).split())[: field.length]


def _put(medium: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _MADE_AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    medium.writestr(info, content)
