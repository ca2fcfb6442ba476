"""Remembering what an immutable value came to, by which object it is, without hashing it."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
C = TypeVar("C")
V = TypeVar("V")

REMEMBERED = 1024


def by_identity(function: Callable[[K, C], V]) -> Callable[[K, C], V]:
    """Remember `function(key, context)` for the same key object and an equal context.

    Hashing a cart line costs more than pricing it, and a gesture leaves all other lines the same
    objects. Keys are held while remembered, so an id is never another object's. Two generations
    bound the memory to 2 * REMEMBERED answers, and a busy cart never starts from nothing.
    """
    young: dict[int, tuple[K, C, V]] = {}
    old: dict[int, tuple[K, C, V]] = {}

    def remembered(key: K, context: C) -> V:
        nonlocal young, old
        name = id(key)
        found = young.get(name)
        if found is not None and found[0] is key and found[1] == context:
            return found[2]
        found = old.get(name)
        if found is None or found[0] is not key or found[1] != context:
            found = (key, context, function(key, context))
        if len(young) >= REMEMBERED:
            old, young = young, {}
        young[name] = found
        return found[2]

    return remembered
