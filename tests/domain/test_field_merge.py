"""Merging by field: what holds for every two changes of the same thing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.field_merge import merge_fields, merge_sum

NAMES = ("name", "phone", "price", "is_active", "taxes")
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["", "a", "b"]), st.just(["x"])
)
THINGS = st.dictionaries(st.sampled_from(NAMES), VALUES)
SUMS = st.integers(-1000, 1000)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Equal as JSON is, where true is not 1."""
    return repr(sorted(one.items())) == repr(sorted(other.items()))


def changed(base: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {name for name in {*base, *after} if not same(part(base, name), part(after, name))}


def part(thing: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: thing[name]} if name in thing else {}


@given(THINGS, THINGS, st.booleans())
def test_what_only_the_coming_side_changed_is_taken_whole(base, coming, wins) -> None:
    merged = merge_fields(base, base, coming, wins)
    assert same(merged.state, coming)
    assert merged.lost == ()


@given(THINGS, THINGS, st.booleans())
def test_what_the_coming_side_did_not_change_stays_as_it_stands(base, standing, wins) -> None:
    merged = merge_fields(base, standing, base, wins)
    assert same(merged.state, standing)
    assert merged.lost == ()


@given(st.none() | THINGS, THINGS, THINGS)
def test_it_does_not_matter_which_side_is_asked_first(base, one, other) -> None:
    forth = merge_fields(base, one, other, coming_wins=True)
    back = merge_fields(base, other, one, coming_wins=False)
    assert same(forth.state, back.state)
    assert [repr(lost) for lost in forth.lost] == [repr(lost) for lost in back.lost]


@given(THINGS, THINGS, THINGS, st.booleans())
def test_every_value_that_a_side_brought_stands_or_is_among_the_lost(
    base, standing, coming, wins
) -> None:
    merged = merge_fields(base, standing, coming, wins)
    lost = {one.name: one for one in merged.lost}
    for side in (standing, coming):
        for name in changed(base, side):
            stands = same(part(merged.state, name), part(side, name))
            gone = name in lost and repr(lost[name].lost) == repr(side.get(name))
            assert stands or gone
    assert set(lost) <= changed(base, standing) & changed(base, coming)


@given(st.none() | THINGS, THINGS, THINGS, st.booleans())
def test_the_side_that_wins_keeps_all_that_it_changed(base, standing, coming, wins) -> None:
    merged = merge_fields(base, standing, coming, wins)
    winner = coming if wins else standing
    for name in changed({} if base is None else base, winner):
        if base is not None or name in winner:
            assert same(part(merged.state, name), part(winner, name))


@given(THINGS, THINGS, THINGS, st.booleans())
def test_merging_the_same_change_again_changes_nothing(base, standing, coming, wins) -> None:
    once = merge_fields(base, standing, coming, wins)
    twice = merge_fields(base, once.state, coming, wins)
    assert same(once.state, twice.state)


@given(THINGS, st.data(), st.booleans(), st.booleans())
def test_changes_of_different_fields_come_to_the_same_in_any_order(
    base, data, first_wins, second_wins
) -> None:
    ones = data.draw(st.sets(st.sampled_from(NAMES)))
    one, other = dict(base), dict(base)
    for name in NAMES:
        side = one if name in ones else other
        side[name] = data.draw(VALUES)
    forth = merge_fields(base, merge_fields(base, base, one, first_wins).state, other, second_wins)
    back = merge_fields(base, merge_fields(base, base, other, first_wins).state, one, second_wins)
    assert same(forth.state, back.state)
    assert forth.lost == back.lost == ()


@given(THINGS, THINGS)
def test_without_a_base_only_fields_that_differ_are_in_question(standing, coming) -> None:
    merged = merge_fields(None, standing, coming, coming_wins=False)
    assert {one.name for one in merged.lost} == changed(standing, coming)
    assert same(merged.state, standing)


@given(SUMS, st.lists(SUMS, max_size=5), st.randoms(use_true_random=False))
def test_changes_of_a_sum_all_count_in_any_order(base, deltas, random) -> None:
    order = list(deltas)
    random.shuffle(order)
    standing = base
    for delta in order:
        standing = merge_sum(base, standing, base + delta)
    assert standing == base + sum(deltas)
