import gc
import weakref

from pos_app.domain.remember import REMEMBERED, by_identity


class Thing:
    """Equal to every other thing: only identity tells them apart."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing)

    __hash__ = None  # type: ignore[assignment]


def test_the_same_object_is_worked_out_once_for_each_context():
    calls = []

    @by_identity
    def name(thing: Thing, context: int) -> int:
        calls.append((thing, context))
        return len(calls)

    one, other = Thing(), Thing()
    assert [name(one, 1), name(one, 1), name(other, 1), name(one, 2)] == [1, 1, 2, 3]


def test_memory_is_bounded_and_what_is_remembered_is_held():
    @by_identity
    def itself(thing: Thing, _: None) -> int:
        return id(thing)

    seen = []
    for _ in range(5 * REMEMBERED):
        thing = Thing()
        seen.append(weakref.ref(thing))
        assert itself(thing, None) == id(thing)
    del thing
    gc.collect()
    assert REMEMBERED <= sum(1 for ref in seen if ref() is not None) <= 2 * REMEMBERED
    assert seen[-1]() is not None
