from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.ids import uuid7
from pos_app.domain.journal import GENESIS, JournalEntry, chain_faults, entry_hash


def chain(length: int) -> list[JournalEntry]:
    entries, prev = [], GENESIS
    for seq in range(1, length + 1):
        body = ("1", 1, seq, f"id{seq}", "sale_completed", f"2026-03-04T12:00:{seq:02d}Z", "1")
        payload = f'{{"gross":{seq * 100}}}'
        made = entry_hash(*body, payload, prev)
        entries.append(JournalEntry(*body, payload, prev, made, b""))
        prev = made
    return entries


def edited(entry: JournalEntry, name: str) -> JournalEntry:
    value = getattr(entry, name)
    return replace(entry, **{name: value + 1 if isinstance(value, int) else value + "0"})


PRINTABLE = st.characters(exclude_characters="\x1f", exclude_categories=["Cs"])
HASHED = [field.name for field in fields(JournalEntry) if field.name != "signature"]


def test_an_untouched_chain_has_no_fault():
    assert not list(chain_faults(chain(20)))
    assert not list(chain_faults([]))
    assert not list(chain_faults(chain(20)[10:], prev=chain(10)[-1].hash))


@pytest.mark.parametrize("name", HASHED)
@given(position=st.integers(0, 9))
def test_any_single_edit_is_found_and_located(name, position):
    entries = chain(10)
    entries[position] = edited(entries[position], name)
    faults = list(chain_faults(entries))
    assert faults
    near = {entries[position].seq, position + 1, position + 2}
    assert faults[0][0] in near
    assert str(faults[0][0]) in faults[0][1]


@given(st.integers(0, 8))
def test_a_missing_swapped_or_doubled_entry_is_found(position):
    whole = chain(10)
    missing = whole[:position] + whole[position + 1 :]
    swapped = [*whole]
    swapped[position], swapped[position + 1] = swapped[position + 1], swapped[position]
    doubled = [*whole[: position + 1], *whole[position:]]
    for entries in (missing, swapped, doubled):
        assert list(chain_faults(entries))


@given(st.integers(0, 8))
def test_rehashing_one_edited_entry_breaks_the_next(position):
    entries = chain(10)
    entry = replace(entries[position], payload='{"gross":1}')
    parts = (getattr(entry, name) for name in HASHED if name != "hash")
    entries[position] = replace(entry, hash=entry_hash(*parts))
    assert [seq for seq, _ in chain_faults(entries)] == [position + 2]


@given(st.data())
def test_moving_text_from_field_to_field_changes_the_hash(data):
    text = data.draw(st.text(PRINTABLE, min_size=2, max_size=8))
    cut = data.draw(st.integers(1, len(text) - 1))
    one = entry_hash("1", 1, 1, "id", "kind", "at", text[:cut], text[cut:], GENESIS)
    other = entry_hash("1", 1, 1, "id", "kind", "at", text, "", GENESIS)
    assert one != other


@given(
    st.integers(0, (1 << 48) - 1),
    st.integers(0, (1 << 48) - 1),
    st.integers(0, (1 << 74) - 1),
    st.integers(0, (1 << 74) - 1),
)
def test_ids_sort_by_time_then_by_chance_and_never_collide(earlier, later, chance, other):
    first, second = sorted([(earlier, chance), (later, other)])
    assert (uuid7(*first) < uuid7(*second)) is (first < second)
    made = uuid7(*first)
    assert made[14] == "7"
    assert made[19] in "89ab"
    assert int(made.replace("-", "")[:12], 16) == first[0]


def test_an_id_is_the_published_example_of_the_standard():
    """RFC 9562, appendix A.6: 2022-02-22 14:22:22 -05:00."""
    assert (
        uuid7(0x017F22E279B0, 0xCC3 << 62 | 0x18C4DC0C0C07398F)
        == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    )
