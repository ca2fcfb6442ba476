"""Argon2id hashes of PINs (RFC 9106), keyed with a secret that is not in the store.

A PIN has four digits or a few more, so whoever could try all of them against a hash would have
it in minutes whatever the hash costs. What protects it is the key (RFC 9106's secret value K).
"""

import hmac
import secrets
from base64 import b64decode, b64encode

_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1
_MEMORY_MOST, _PASSES_MOST, _LANES_MOST = 1024 * 1024, 16, 16
_SALT_BYTES, _HASH_BYTES = 16, 32


def hash_pin(pin: str, key: bytes, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES) -> str:
    """Return the hash of a PIN under a fresh salt, in the usual string form (PHC).

    Takes some 30 ms on a desktop at the usual costs and several times that on an old till.
    """
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _argon2id(pin, key, salt, memory_kib, passes, _LANES)
    costs = f"m={memory_kib},t={passes},p={_LANES}"
    return f"$argon2id$v=19${costs}${_text(salt)}${_text(digest)}"


def is_pin(pin: str, hashed: str, key: bytes) -> bool:
    """Whether `hashed` is of this PIN and this key; a text that is no such hash is of none."""
    try:
        empty, name, version, costs, salt, digest = hashed.split("$")
        memory, passes, lanes = (int(part.partition("=")[2]) for part in costs.split(","))
        if (empty, name, version) != ("", "argon2id", "v=19"):
            return False
        if memory > _MEMORY_MOST or passes > _PASSES_MOST or lanes > _LANES_MOST:
            return False
        tried = _argon2id(pin, key, _bytes(salt), memory, passes, lanes)
        return hmac.compare_digest(tried, _bytes(digest))
    except ValueError:
        return False


def _argon2id(pin: str, key: bytes, salt: bytes, memory: int, passes: int, lanes: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import (  # noqa: PLC0415 - at the first PIN
        Argon2id,
    )

    return Argon2id(
        salt=salt,
        length=_HASH_BYTES,
        iterations=passes,
        lanes=lanes,
        memory_cost=memory,
        secret=key,
    ).derive(pin.encode())


def _text(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), validate=True)
