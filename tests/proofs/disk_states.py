"""What a disk may hold when the power goes: from a log of operations to pictures of the disk.

What a file's last sync covered is there. Of what was written since, any part may be there, in any
order, each write torn at sectors. Names appear and vanish in the order of the log, at the latest
with a sync of the folder. (That is weaker than what ext4, XFS, APFS and NTFS give.)
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.proofs.disk_log import (
    Naming,
    Operation,
    Resize,
    Sync,
    SyncFolder,
    ToldLine,
    Write,
)

SECTORS = (512, 4096)
Piece = Write | Resize


class Loss(StrEnum):
    """What became of everything that was not synced."""

    NOTHING_LOST = "nothing lost"
    ALL_LOST = "all lost"
    ONE_LOST = "one write lost"
    ONE_KEPT = "one write kept"
    LAST_TORN = "last write torn"
    MIXED = "any part kept, some torn"
    FILES_APART = "one file kept, another lost"


@dataclass(frozen=True, slots=True)
class Picture:
    """The files of a disk after a power cut, the place in the log, and how many lines were told."""

    place: int
    told: int
    loss: Loss
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the power goes, what becomes of the unsynced part, and the dice for it."""

    place: int
    loss: Loss
    seed: int


class Disk:
    """A disk while the log is replayed: what is safe, and what is not yet."""

    def __init__(self) -> None:
        self.safe: dict[int, bytearray] = {}
        self.unsafe: list[Piece] = []
        self.safe_names: dict[str, int] = {}
        self.unsafe_names: list[Naming] = []

    def apply(self, operation: Operation) -> None:
        """Let one operation of the log happen."""
        if isinstance(operation, (Write, Resize)):
            self.unsafe.append(operation)
        elif isinstance(operation, Sync):
            safe = self.safe.setdefault(operation.file, bytearray())
            for piece in self.unsafe:
                if piece.file == operation.file:
                    put(safe, piece)
            self.unsafe = [piece for piece in self.unsafe if piece.file != operation.file]
        elif isinstance(operation, Naming):
            self.unsafe_names.append(operation)
        elif isinstance(operation, SyncFolder):
            for naming in self.unsafe_names:
                rename(self.safe_names, naming)
            self.unsafe_names.clear()

    def files(self, pieces: Sequence[Piece], namings: int) -> dict[str, bytes]:
        """The files if of the unsafe part just `pieces` and the first `namings` were kept."""
        names = dict(self.safe_names)
        for naming in self.unsafe_names[:namings]:
            rename(names, naming)
        touched = {piece.file for piece in pieces}
        contents: dict[int, bytes | bytearray] = {
            file: bytearray(self.safe.get(file, b""))
            if file in touched
            else self.safe.get(file, b"")
            for file in names.values()
        }
        for piece in pieces:
            content = contents.get(piece.file)
            if isinstance(content, bytearray):
                put(content, piece)
        return {name: bytes(contents[file]) for name, file in names.items()}


def put(content: bytearray, piece: Piece) -> None:
    """Write or cut as the piece says; a hole reads as zeros."""
    if isinstance(piece, Resize):
        del content[piece.size :]
        content.extend(bytes(piece.size - len(content)))
        return
    end = piece.offset + len(piece.data)
    content.extend(bytes(max(0, end - len(content))))
    content[piece.offset : end] = piece.data


def rename(names: dict[str, int], naming: Naming) -> None:
    for name, file in naming.names:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def torn(piece: Piece, dice: random.Random) -> Iterator[Piece]:
    """Some of the sectors of a write, in their places."""
    if isinstance(piece, Resize):
        yield piece
        return
    sector = dice.choice(SECTORS)
    start = piece.offset
    while start < piece.offset + len(piece.data):
        end = min((start // sector + 1) * sector, piece.offset + len(piece.data))
        if dice.random() < 0.5:
            yield Write(piece.file, start, piece.data[start - piece.offset : end - piece.offset])
        start = end


def kept_of(unsafe: list[Piece], loss: Loss, dice: random.Random) -> list[Piece]:
    """What is kept of the writes that no sync covered."""
    if loss is Loss.NOTHING_LOST or not unsafe:
        return unsafe
    one = dice.randrange(len(unsafe))
    some: dict[Loss, Callable[[], list[Piece]]] = {
        Loss.ALL_LOST: list,
        Loss.ONE_LOST: lambda: [*unsafe[:one], *unsafe[one + 1 :]],
        Loss.ONE_KEPT: lambda: [unsafe[one]],
        Loss.LAST_TORN: lambda: [*unsafe[:-1], *torn(unsafe[-1], dice)],
        Loss.MIXED: lambda: _mixed(unsafe, dice),
        Loss.FILES_APART: lambda: [p for p in unsafe if p.file == unsafe[one].file],
    }
    return some[loss]()


def _mixed(unsafe: list[Piece], dice: random.Random) -> list[Piece]:
    share = dice.choice((0.2, 0.5, 0.8, 0.95))
    kept: list[Piece] = []
    for piece in unsafe:
        fate = dice.random()
        if fate < share:
            kept.append(piece)
        elif fate < share + 0.2:
            kept += torn(piece, dice)
    return kept


def cuts(log: Sequence[Operation], wanted: int, dice: random.Random) -> list[Cut]:
    """Choose power cuts: right after each told line everything unsynced lost, each prefix, and a
    random loss at places spread evenly over the log; sorted by place."""
    told = [place for place, operation in enumerate(log) if isinstance(operation, ToldLine)]
    chosen = [Cut(place, Loss.ALL_LOST, 0) for place in told]
    rest = max(0, wanted - len(chosen))
    prefixes = min(len(log), rest // 3)
    chosen += [Cut(place * len(log) // prefixes, Loss.NOTHING_LOST, 0) for place in range(prefixes)]
    others = [loss for loss in Loss if loss is not Loss.NOTHING_LOST]
    while len(chosen) < wanted:
        place = dice.randrange(len(log))
        loss = dice.choice((*others, Loss.MIXED, Loss.ONE_LOST))
        chosen.append(Cut(place, loss, dice.getrandbits(32)))
    return sorted(chosen[:wanted] if wanted else [], key=lambda cut: cut.place)


def pictures(log: Sequence[Operation], chosen: Sequence[Cut]) -> Iterator[Picture]:
    """Replay the log and yield the disk after each cut; `chosen` is sorted by place."""
    disk = Disk()
    told = 0
    left = iter(chosen)
    cut = next(left, None)
    for place, operation in enumerate(log):
        disk.apply(operation)
        told += isinstance(operation, ToldLine)
        while cut is not None and cut.place == place:
            dice = random.Random(cut.seed)
            kept = kept_of(disk.unsafe, cut.loss, dice)
            namings = len(disk.unsafe_names)
            if cut.loss in (Loss.ALL_LOST, Loss.ONE_KEPT):
                namings = 0
            elif cut.loss is Loss.MIXED:
                namings = dice.randint(0, namings)
            yield Picture(place, told, cut.loss, disk.files(kept, namings))
            cut = next(left, None)
