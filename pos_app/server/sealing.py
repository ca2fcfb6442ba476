"""Secrets that head office has to read again, sealed with a key of their company.

AES-256-GCM (NIST SP 800-38D) under a key that follows from the company's own secret. Whoever has
the whole database has that secret too: sealing keeps a secret out of lists, exports and the log.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pos_app.domain.errors import PosError

_NONCE_BYTES = 12


class SealBroken(PosError):
    """A sealed secret that was damaged, or that belongs to something else."""

    sentence = "A secret that head office keeps cannot be read any more. Enter it once more."


def sealed(signing_key: bytes, purpose: str, about: str, text: str) -> str:
    """Return a text that only `opened` reads, with the same purpose and about the same thing."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    hidden = _cipher(signing_key, purpose).encrypt(nonce, text.encode(), about.encode())
    return base64.urlsafe_b64encode(nonce + hidden).decode()


def opened(signing_key: bytes, purpose: str, about: str, text: str) -> str:
    """Return what was sealed; raises SealBroken."""
    try:
        whole = base64.urlsafe_b64decode(text.encode())
        nonce, hidden = whole[:_NONCE_BYTES], whole[_NONCE_BYTES:]
        plain = _cipher(signing_key, purpose).decrypt(nonce, hidden, about.encode())
    except (ValueError, InvalidTag) as failure:
        raise SealBroken() from failure
    return plain.decode()


def _cipher(signing_key: bytes, purpose: str) -> AESGCM:
    # Hashed with its purpose, as the keys of journal and heads are: no key serves two ends.
    return AESGCM(hashlib.sha256(b"sealing " + purpose.encode() + b"\0" + signing_key).digest())
