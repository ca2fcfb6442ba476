"""The till's signing keys: one Ed25519 pair per store and epoch, kept outside the database.

A key lives in the operating system's keyring, or, where there is none, in a file beside the
database that only its owner may read. The public key is kept beside the private one too: a
stranger who rewrites the journal and swaps the public key inside the store is still found out.
"""

import json
import logging
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.store.connection import naming, sync_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SERVICE = "pos-app"
FORCE_VARIABLE = "POS_APP_KEYS"
_log = logging.getLogger(__name__)


class KeyPlace(StrEnum):
    """Where a till's private key is kept."""

    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which key: the store's id (a UUIDv7), the epoch, and the database that it stands beside."""

    store_id: str
    epoch: int
    path: Path

    @property
    def user(self) -> str:
        """The name inside the keyring and the key file."""
        return f"{self.store_id}/{self.epoch}"

    @property
    def file(self) -> Path:
        """The key file beside the database."""
        return self.path.with_name(self.path.name + ".key")


class Signer:
    """A private key that signs hashes (Ed25519, RFC 8032)."""

    def __init__(self, key: "Ed25519PrivateKey") -> None:
        self.sign = key.sign
        self.public_key = key.public_key().public_bytes_raw()


def new_key(name: KeyName) -> tuple[Signer, KeyPlace]:
    """Make a key and keep it in the keyring or, where there is none, in a file of mode 0600."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - 30 ms
        Ed25519PrivateKey,
    )

    key = Ed25519PrivateKey.generate()
    signer = Signer(key)
    secret = f"{key.private_bytes_raw().hex()}:{signer.public_key.hex()}"
    return signer, _keep(name, secret)


def load_key(name: KeyName) -> Signer | None:
    """Return the private key of a store's epoch, or None where this machine has none."""
    secret = _secret(name)
    if secret is None:
        return None
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - 30 ms
        Ed25519PrivateKey,
    )

    return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret.partition(":")[0])))


def public_key_beside_private(name: KeyName) -> bytes | None:
    """Return the public key that is kept with the private one, or None where there is none."""
    secret = _secret(name)
    return None if secret is None else bytes.fromhex(secret.partition(":")[2])


def derived_secret(name: KeyName, purpose: str) -> bytes | None:
    """Return 32 secret bytes for a purpose that only whoever has the private key can make.

    HMAC-SHA256 (RFC 2104) of the purpose under the private key; None where this machine has none.
    """
    secret = _secret(name)
    if secret is None:
        return None
    private = bytes.fromhex(secret.partition(":")[0])
    import hmac  # noqa: PLC0415 - loads OpenSSL, which a till that starts has no time for

    return hmac.digest(private, f"{SERVICE} {purpose}".encode(), "sha256")


def known_epochs(name: KeyName) -> list[int]:
    """Return the epochs of a store whose keys are in the key file beside the database."""
    if not name.file.exists():
        return []
    prefix = f"{name.store_id}/"
    users = _keys_in(name.file)
    return [int(user.removeprefix(prefix)) for user in users if user.startswith(prefix)]


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` is the key's over `message` (Ed25519, RFC 8032)."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - 30 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - 30 ms
        Ed25519PublicKey,
    )

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _keep(name: KeyName, secret: str) -> KeyPlace:
    if _may_use_keyring() and _keep_in_keyring(name, secret):
        return KeyPlace.KEYRING
    _keep_in_file(name, secret)
    _log.warning("no keyring here: the till's signing key is kept in %s", name.file)
    return KeyPlace.FILE


def _secret(name: KeyName) -> str | None:
    if name.file.exists():
        found = _keys_in(name.file).get(name.user)
        if found is not None:
            return found
    return _from_keyring(name) if _may_use_keyring() else None


def _keys_in(file: Path) -> dict[str, str]:
    """Return what a key file holds: a private and a public key in hex for each store and epoch.

    What was damaged there is left out: to its till the key is missing, and that has a sentence.
    """
    with naming(file):
        raw = file.read_bytes()
    try:
        known = json.loads(raw)
    except ValueError:
        return {}
    if not isinstance(known, dict):
        return {}
    return {user: secret for user, secret in known.items() if _is_key_pair(secret)}


def _is_key_pair(secret: object) -> bool:
    return isinstance(secret, str) and re.fullmatch("[0-9a-f]{64}:[0-9a-f]{64}", secret) is not None


def _may_use_keyring() -> bool:
    return os.environ.get(FORCE_VARIABLE) != KeyPlace.FILE


def _keep_in_keyring(name: KeyName, secret: str) -> bool:
    import keyring  # noqa: PLC0415 - 200 ms, and only where a key is made or looked for
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, name.user, secret)
        return keyring.get_password(SERVICE, name.user) == secret
    except (KeyringError, RuntimeError, OSError):
        return False


def _from_keyring(name: KeyName) -> str | None:
    import keyring  # noqa: PLC0415 - as above
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, name.user)
    except (KeyringError, RuntimeError, OSError):
        return None


def _keep_in_file(name: KeyName, secret: str) -> None:
    """Add the secret to the key file: written whole beside it, then renamed over it."""
    with naming(name.file):
        known = _keys_in(name.file) if name.file.exists() else {}
        part = name.file.with_name(name.file.name + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({**known, name.user: secret}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(name.file)
        sync_folder(name.file.parent)
