"""One seed for everything that is drawn: keys, ids and tokens too, so that a schedule replays."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let the operating system's chance come from a seed as long as this lasts."""
    dice = random.Random(f"secrets of {seed}")
    with (
        replaced(random.SystemRandom, "getrandbits", lambda _self, bits: dice.getrandbits(bits)),
        replaced(random.SystemRandom, "randbytes", lambda _self, size: dice.randbytes(size)),
        replaced(random.SystemRandom, "random", lambda _self: dice.random()),
        replaced(secrets, "randbits", dice.getrandbits),
        replaced(
            Ed25519PrivateKey,
            "generate",
            lambda: Ed25519PrivateKey.from_private_bytes(dice.randbytes(32)),
        ),
    ):
        yield


@contextmanager
def replaced(owner: Any, name: str, by: Any) -> Iterator[None]:
    """Put something else in the place of an attribute as long as this lasts."""
    is_own = name in vars(owner)
    before = vars(owner)[name] if is_own else None
    setattr(owner, name, by)
    try:
        yield
    finally:
        if is_own:
            setattr(owner, name, before)
        else:
            delattr(owner, name)
