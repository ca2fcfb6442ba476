"""A customer display of two lines of twenty: keeps its glass, and what it could not understand.

Written from the CD5220's and the DM-D110's command lists, not from our code.
"""

from dataclasses import dataclass, field

WIDTH, HEIGHT = 20, 2
TABLES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865",
    16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
}  # fmt: skip


@dataclass
class PoleGlass:
    """The display; `strange` are bytes that are no command of it."""

    table: str = "cp437"
    at: int = 0
    cells: list[str] = field(default_factory=lambda: [" "] * (WIDTH * HEIGHT))
    strange: bytes = b""
    begun: int = 0
    wiped: int = 0
    _rest: bytes = b""

    @property
    def lines(self) -> tuple[str, str]:
        return "".join(self.cells[:WIDTH]), "".join(self.cells[WIDTH:])

    def hear(self, data: bytes) -> bytes:
        self._rest += data
        while self._rest:
            used = self._command(self._rest)
            if used == 0:  # the rest of a command is still on its way
                break
            self._rest = self._rest[used:]
        return b""

    def say(self) -> bytes:
        return b""

    def _command(self, data: bytes) -> int:
        first = data[0]
        if first == 0x0C:
            self._wipe()
        elif first == 0x0B:
            self.at = 0
        elif first == 0x1B:
            return self._escape(data)
        elif first < 0x20 or first == 0x7F:
            self.strange += data[:1]
        else:
            self.cells[self.at] = data[:1].decode(self.table, errors="replace")
            self.at = (self.at + 1) % (WIDTH * HEIGHT)
        return 1

    def _escape(self, data: bytes) -> int:
        if len(data) < 2:
            return 0
        if data[1:2] == b"@":
            self.begun += 1
            self.table = "cp437"
            self._wipe()
            return 2
        if data[1:2] == b"t":
            if len(data) < 3:
                return 0
            if data[2] in TABLES:
                self.table = TABLES[data[2]]
            else:
                self.strange += data[:3]
            return 3
        self.strange += data[:2]
        return 2

    def _wipe(self) -> None:
        self.cells = [" "] * (WIDTH * HEIGHT)
        self.at = 0
        self.wiped += 1
