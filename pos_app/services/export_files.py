"""The files of an export, made in one ZIP file or in a folder, whole or not at all."""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.spreadsheets.writing import FileNotWritable

_CHUNK_BYTES = 1 << 16  # a ZIP file takes small pieces ten times slower


class FolderNotEmpty(PosError):
    """An export never mixes with what is in a folder already."""

    sentence = "The folder {name} holds files already. Choose an empty or a new one."


@dataclass(slots=True)
class FileSum:
    """One file of an export: its size in bytes, its lines, and its SHA-256 so far."""

    bytes: int = 0
    lines: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)

    def plain(self) -> dict[str, Any]:
        """What a manifest says of the file."""
        return {"bytes": self.bytes, "lines": self.lines, "sha256": self.sha256.hexdigest()}


class _Place(Protocol):
    """Where the files go."""

    def open(self, name: str) -> IO[bytes]: ...


class ExportFiles:
    """Takes files one after the other, and keeps the sum of each for the manifest."""

    def __init__(self, place: _Place) -> None:
        self._place = place
        self.sums: dict[str, FileSum] = {}

    def put(self, name: str, content: bytes) -> None:
        """Write a small file whole."""
        with self._writing(name) as write:
            write(content)

    def put_lines(self, name: str, rows: Iterator[Mapping[str, object]]) -> int:
        """Write JSON lines (UTF-8, one object a line) and return how many."""
        with self._writing(name) as write:
            waiting = bytearray()
            for row in rows:
                text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                waiting += text.encode() + b"\n"
                self.sums[name].lines += 1
                if len(waiting) >= _CHUNK_BYTES:
                    write(bytes(waiting))
                    waiting.clear()
            write(bytes(waiting))
        return self.sums[name].lines

    @contextmanager
    def _writing(self, name: str) -> Iterator[Any]:
        sum_ = self.sums[name] = FileSum()
        with self._place.open(name) as file:

            def write(content: bytes) -> None:
                file.write(content)
                sum_.bytes += len(content)
                sum_.sha256.update(content)

            yield write


@contextmanager
def export_files(path: Path) -> Iterator[ExportFiles]:
    """Make `path` of the files that are put: a ZIP file where its name ends so, else a folder.

    Nothing has its name until all is written. Raises FileNotWritable or FolderNotEmpty.
    """
    is_zip = path.suffix.lower() == ".zip"
    try:
        if not is_zip and path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FolderNotEmpty(name=path.name)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as half:
            made = Path(half) / path.name
            if is_zip:
                with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                    yield ExportFiles(_Zip(archive))
            else:
                made.mkdir()
                yield ExportFiles(_Folder(made))
                if path.exists():
                    path.rmdir()
            shutil.move(made, path)  # a rename: both are on one disk
    except OSError as failure:
        raise FileNotWritable(name=path.name) from failure


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name, "w", force_zip64=True)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> IO[bytes]:
        path = self._folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
