"""What all connections of one open store share: who the till is, the journal's head, the turn."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, get_ident

from pos_app.domain.journal import GENESIS
from pos_app.store.errors import KeyMissing
from pos_app.store.keys import KeyName, Signer, load_key


@dataclass(frozen=True, slots=True)
class TillIdentity:
    """Who writes: the till, its shop, the store's id (UUIDv7), the epoch and its public key."""

    till: str
    shop: str
    store_id: str
    epoch: int
    public_key: bytes
    key_place: str


@dataclass(frozen=True, slots=True)
class Head:
    """The journal's latest entry: its number and its hash in hex."""

    seq: int = 0
    hash: str = GENESIS


class Turn:
    """Whose turn it is to write; threads are served in the order in which they came."""

    def __init__(self) -> None:
        self._queue = Lock()
        self._writing = Lock()
        self._owner = 0

    def take(self) -> None:
        """Wait for the turn; a thread that has it may not ask again."""
        if self._owner == get_ident():
            raise RuntimeError("a transaction is already running in this thread")
        with self._queue:
            self._writing.acquire()
        self._owner = get_ident()

    def give(self) -> None:
        """Let the next thread write."""
        self._owner = 0
        self._writing.release()


@dataclass(slots=True)
class StoreState:
    """Shared by every connection of one store; `head` changes only while the turn is held."""

    path: Path
    identity: TillIdentity
    head: Head = field(default_factory=Head)
    turn: Turn = field(default_factory=Turn)
    # Counts changes of units, taxes and settings, so that each connection knows to read again.
    version: int = 0
    signer: Signer | None = None

    def key_name(self) -> KeyName:
        """Which key signs for this till now."""
        return KeyName(self.identity.store_id, self.identity.epoch, self.path)

    def be_known_as(self, identity: TillIdentity | None) -> None:
        """Take over who the till is in the file, where a new epoch was begun and let go again."""
        if identity is not None and identity != self.identity:
            self.identity, self.signer = identity, None

    def loaded_signer(self) -> Signer:
        """Return the key that signs; raises KeyMissing where it is not on this machine."""
        if self.signer is None:
            signer = load_key(self.key_name())
            if signer is None or signer.public_key != self.identity.public_key:
                raise KeyMissing(path=self.path)
            self.signer = signer
        return self.signer
