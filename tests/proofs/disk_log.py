"""What a process did to the disk, read from the log that strace wrote about it.

The log is somebody else's view of the real program: every open, write, truncation, sync, rename
and removal in the order in which the kernel saw them.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,"
    "fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,"
    "copy_file_range,sendfile"
)
_LINE = re.compile(rb"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FD = re.compile(rb"^(\d+)<")


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written at an offset of a file (an inode of ours)."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    """A file was cut or grown to a size in bytes."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to a file so far is on the disk."""

    file: int


@dataclass(frozen=True, slots=True)
class Naming:
    """Names in the folder changed together: name to file, None where a name went away."""

    names: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class SyncFolder:
    """The folder's names are on the disk."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """The till told something to the outside."""

    raw: bytes


Operation = Write | Resize | Sync | Naming | SyncFolder | ToldLine


class LogNotUnderstoodError(Exception):
    """The log holds a call on our files that is not modelled; the proof would be worth nothing."""


def record(command: Sequence[str], folder: Path, told: Path, log: Path) -> list[Operation]:
    """Run a program under strace and return what it did to the files of `folder`, in order."""
    strace = shutil.which("strace") or "strace"
    tracing = [strace, "-f", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-y"]
    done = subprocess.run(
        [*tracing, "-o", str(log), *command], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise LogNotUnderstoodError(f"the program failed: {done.stderr[-2000:]}")
    with log.open("rb") as lines:
        return list(operations(lines, folder.resolve(), told.resolve()))


def operations(lines: Iterator[bytes], folder: Path, told: Path) -> Iterator[Operation]:
    """Yield what the lines of a log say about the files of `folder` and the lines told."""
    log = _Log(folder, told)
    for line in lines:
        if b"unfinished ..." in line and log.is_ours(line):
            raise LogNotUnderstoodError(line[:200])
        match = _LINE.match(line)
        if match and int(match[4]) >= 0:
            yield from log.operations(match[2].decode(), match[3], int(match[4]))


class _Log:
    """Follows names and open files while the log is read."""

    def __init__(self, folder: Path, told: Path) -> None:
        self._folder, self._told = str(folder), str(told)
        self._names: dict[str, int] = {}
        self._open: dict[int, int] = {}  # handle to file; -1 is the folder, -2 what is told
        self._places: dict[int, int] = {}
        self._count = 0

    def is_ours(self, line: bytes) -> bool:
        return self._folder.encode().hex() in line.replace(b"\\x", b"").decode("latin-1")

    def operations(self, call: str, rest: bytes, result: int) -> Iterator[Operation]:
        """Yield the operations of one finished call."""
        texts = [bytes.fromhex(t.replace(b"\\x", b"").decode()) for t, _ in _TEXT.findall(rest)]
        if any(cut for _, cut in _TEXT.findall(rest)):
            raise LogNotUnderstoodError(f"a text was cut short: {call}")
        if call in ("openat", "open", "creat"):
            yield from self._opened(texts[0].decode(), rest, result)
        elif call in ("rename", "renameat", "renameat2"):
            yield from self._renamed(texts[0].decode(), texts[1].decode())
        elif call in ("unlink", "unlinkat"):
            yield from self._removed(texts[0].decode())
        else:
            handle = _FD.match(rest)
            file = self._open.get(int(handle[1])) if handle else None
            if file is not None and handle is not None:
                yield from self._on_file(call, rest, texts, int(handle[1]), file)

    def _opened(self, path: str, rest: bytes, handle: int) -> Iterator[Operation]:
        self._open.pop(handle, None)
        self._places[handle] = 0
        if path == self._folder:
            self._open[handle] = -1
            return
        if path == self._told:
            self._open[handle] = -2
            return
        name = self._name(path)
        if name is None:
            return
        if name not in self._names:
            self._count += 1
            self._names[name] = self._count
            yield Naming(((name, self._count),))
        self._open[handle] = self._names[name]
        if b"O_TRUNC" in rest:
            yield Resize(self._names[name], 0)

    def _renamed(self, old: str, new: str) -> Iterator[Operation]:
        before, after = self._name(old), self._name(new)
        if before is None and after is None:
            return
        if before is None or after is None:
            raise LogNotUnderstoodError(f"{old} was moved to {new}")
        self._names[after] = self._names.pop(before)
        yield Naming(((before, None), (after, self._names[after])))

    def _removed(self, path: str) -> Iterator[Operation]:
        name = self._name(path)
        if name is not None and self._names.pop(name, None) is not None:
            yield Naming(((name, None),))

    def _on_file(
        self, call: str, rest: bytes, texts: list[bytes], handle: int, file: int
    ) -> Iterator[Operation]:
        numbers = [int(part) for part in re.findall(rb", (\d+)", rest)]
        if file == -2:
            yield ToldLine(texts[0])
        elif call in ("fsync", "fdatasync"):
            yield SyncFolder() if file == -1 else Sync(file)
        elif call == "pwrite64":
            yield Write(file, numbers[-1], texts[0])
        elif call == "write":
            yield Write(file, self._places[handle], texts[0])
            self._places[handle] += len(texts[0])
        elif call == "ftruncate":
            yield Resize(file, numbers[-1])
        else:
            raise LogNotUnderstoodError(f"{call} on a file of the store")

    def _name(self, path: str) -> str | None:
        """The name inside the folder, or None for files elsewhere and for SQLite's shared memory.

        The -shm file is not data: whoever opens a store first empties it.
        """
        folder, _, name = path.rpartition("/")
        return name if folder == self._folder and not name.endswith("-shm") else None
