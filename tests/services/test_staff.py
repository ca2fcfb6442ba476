"""Keeping staff: PINs and badges leave nothing to be tried out, and somebody always rules."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.errors import PosError
from pos_app.domain.facts import FactKind
from pos_app.domain.staff import (
    CASHIER,
    MANAGER,
    BadgeNotPossible,
    BadgeTaken,
    NobodyLeft,
    OwnerFirst,
    Permission,
    PinsDiffer,
    PinTaken,
    PinTooSimple,
    Role,
    RoleUnknown,
)
from pos_app.services.catalogue_rules import FieldEmpty
from pos_app.services.pin_hash import hash_pin, is_pin
from pos_app.services.staff import CodeTaken, MemberUnknown
from pos_app.services.staff_secrets import KeyElsewhere
from pos_app.services.verification import verify
from pos_app.store.backup import backup_store, restore_store
from tests.services.staffed_shop import ANN, MAX, OLGA, PINS, SAM, People, people


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    made = people(tmp_path_factory.mktemp("staffed"))
    yield made
    made.store.close()
    assert verify(made.path).is_sound


def test_the_first_member_is_the_owner_with_code_1_and_others_are_cashiers(shop: People) -> None:
    assert shop.member(OLGA).role == "owner"
    assert shop.staff.new_member().role == CASHIER
    assert shop.staff.new_member().code == "5"


def test_a_pin_is_kept_as_argon2id_and_only_the_tills_key_can_check_it(shop: People) -> None:
    member = shop.member(ANN)
    assert member.pin_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert shop.keys.is_pin(member, PINS[ANN])
    assert not shop.keys.is_pin(member, PINS[SAM])
    assert not is_pin(PINS[ANN], member.pin_hash, bytes(32))  # whoever has the store alone
    journal = "".join(entry.payload for entry in shop.store.journal.entries(limit=1000))
    secret = shop.keys.secret(1).hex()
    kept = shop.path.with_name(shop.path.name + ".key").read_text().partition(":")[2][:64]
    for forbidden in (secret, kept, PINS[ANN], PINS[MAX]):
        assert forbidden not in journal.replace(member.pin_hash, "")


def test_the_same_pin_never_has_the_same_hash() -> None:
    assert hash_pin("2580", b"k" * 32) != hash_pin("2580", b"k" * 32)


@pytest.mark.parametrize(
    "text",
    ["", "$", "2580", "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2i$v=19$m=8192,t=2,p=1$AAAA$AAAA",
     "$argon2id$v=19$m=99999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$argon2id$v=19$m=x$a$b"],
)  # fmt: skip
def test_a_damaged_hash_is_nobodys_pin(text: str) -> None:
    assert not is_pin("2580", text, b"k" * 32)


def save_pin(shop: People, code: str, first: str, second: str) -> None:
    shop.staff.save(shop.member(code), (first, second))


@pytest.mark.parametrize(
    ("pins", "refusal"),
    [(("4711", "4712"), PinsDiffer), (("1234", "1234"), PinTooSimple),
     ((PINS[MAX], PINS[MAX]), PinTaken)],
)  # fmt: skip
def test_a_pin_is_typed_twice_alike_is_not_simple_and_nobody_elses(
    shop: People, pins: tuple[str, str], refusal: type[PosError]
) -> None:
    before = shop.member(ANN)
    with pytest.raises(refusal):
        save_pin(shop, ANN, *pins)
    assert shop.member(ANN) == before


def test_ones_own_pin_may_be_set_again(shop: People) -> None:
    save_pin(shop, ANN, PINS[ANN], PINS[ANN])
    assert shop.keys.is_pin(shop.member(ANN), PINS[ANN])


def test_fields_and_roles_are_checked(shop: People) -> None:
    ann = shop.member(ANN)
    for wrong, refusal in (
        (replace(ann, name="  "), FieldEmpty),
        (replace(ann, code=OLGA), CodeTaken),
        (replace(ann, role="king"), RoleUnknown),
    ):
        with pytest.raises(refusal):
            shop.staff.save(wrong)


def test_the_last_one_who_may_change_the_settings_cannot_go(shop: People) -> None:
    olga = shop.member(OLGA)
    for wrong in (replace(olga, is_active=False), replace(olga, role=CASHIER)):
        with pytest.raises(NobodyLeft):
            shop.staff.save(wrong)
    owner = next(role for role in shop.staff.roles() if role.key == "owner")
    with pytest.raises(NobodyLeft):
        shop.staff.save_role(replace(owner, permissions=()))
    assert owner in shop.staff.roles()


def test_a_shop_never_starts_with_somebody_who_may_not_change_the_settings(tmp_path: Path) -> None:
    from tests.services.staffed_shop import Clock
    from tests.store.shops import new_shop

    new_shop(tmp_path / "shop.db").close()
    first = People(tmp_path / "shop.db", Clock())
    member = replace(first.staff.new_member(), name="Eve")
    with pytest.raises(OwnerFirst):
        first.staff.save(replace(member, role=CASHIER), ("2580", "2580"))
    with pytest.raises(OwnerFirst):
        first.staff.save(member)  # without a PIN nobody could sign in
    assert first.staff.members() == []
    first.store.close()


def test_a_role_is_changed_and_a_new_one_made(shop: People) -> None:
    from pos_app.domain.approval import Action

    trainee = Role("trainee", "Trainee", (Permission(Action.NO_SALE),))
    shop.staff.save_role(trainee)
    assert shop.staff.roles()[-1] == trainee
    told = shop.told(FactKind.ROLE_SAVED)
    assert told[-1]["state"]["permissions"] == [{"action": "no_sale", "limit": None}]


def test_a_badge_is_kept_as_a_keyed_hash_and_its_code_nowhere(shop: People) -> None:
    max_ = shop.member(MAX)
    code = shop.staff.new_badge(max_.id)
    assert code.isdigit()
    assert len(code) == 20
    assert shop.sign_in.holder_of(code) == shop.member(MAX)
    assert shop.sign_in.holder_of("98" + "0" * 18) is None
    shop.store.tidy()
    for file in shop.path.parent.iterdir():
        assert code.encode() not in file.read_bytes()


@pytest.mark.parametrize("code", ["1234567", "x" * 65, "größer als 8"])
def test_a_card_that_cannot_be_a_badge_is_refused(shop: People, code: str) -> None:
    with pytest.raises(BadgeNotPossible):
        shop.staff.set_badge(shop.member(ANN).id, code)


def test_a_card_that_somebody_has_may_be_a_badge_but_only_for_one(shop: People) -> None:
    shop.staff.set_badge(shop.member(ANN).id, "LIBRARY-77812")
    assert shop.sign_in.holder_of("LIBRARY-77812") == shop.member(ANN)
    with pytest.raises(BadgeTaken):
        shop.staff.set_badge(shop.member(SAM).id, "LIBRARY-77812")
    with pytest.raises(BadgeTaken):
        shop.staff.set_badge(shop.member(SAM).id, "4000000000001")  # a product's barcode
    shop.staff.set_badge(shop.member(ANN).id, "")
    assert shop.sign_in.holder_of("LIBRARY-77812") is None


def test_a_new_key_for_codes_ends_the_earlier_one(shop: People) -> None:
    first = shop.staff.new_code_key(shop.member(MAX).id)
    second = shop.staff.new_code_key(shop.member(MAX).id)
    assert first != second
    assert len(second.replace(" ", "")) == 32
    for entry in shop.store.journal.entries(limit=1000):
        assert second.replace(" ", "") not in entry.payload


def test_a_pin_reset_from_the_command_line_is_journalled(shop: People) -> None:
    shop.staff.reset_pin(SAM, "36925")
    told = shop.told(FactKind.STAFF_SAVED)[-1]
    assert (told["step"], told["staff"], told["state"]["code"]) == ("pin reset", "", SAM)
    assert shop.keys.is_pin(shop.member(SAM), "36925")
    shop.staff.reset_pin(SAM, PINS[SAM])
    with pytest.raises(MemberUnknown):
        shop.staff.reset_pin("99", "36925")


def test_without_the_tills_key_pins_are_not_checked_and_a_reset_helps(
    shop: People, tmp_path: Path
) -> None:
    backup_store(shop.path, tmp_path / "copy.db")
    moved = tmp_path / "elsewhere" / "shop.db"
    moved.parent.mkdir()
    restore_store(tmp_path / "copy.db", moved, shop.clock())
    there = People(moved, shop.clock)
    with pytest.raises(KeyElsewhere):
        there.sign_in.by_pin(there.member(OLGA).id, PINS[OLGA])
    there.staff.reset_pin(OLGA, PINS[OLGA])
    there.sign_in.by_pin(there.member(OLGA).id, PINS[OLGA])
    assert there.member(OLGA).pin_epoch == 2
    there.store.close()
    assert verify(moved).is_sound


def test_a_store_restored_on_its_own_machine_keeps_its_pins(shop: People, tmp_path: Path) -> None:
    backup_store(shop.path, tmp_path / "copy.db")
    here = tmp_path / "shop.db"
    key = shop.path.with_name(shop.path.name + ".key").read_bytes()
    here.with_name(here.name + ".key").write_bytes(key)
    restore_store(tmp_path / "copy.db", here, shop.clock())
    there = People(here, shop.clock)
    there.sign_in.by_pin(there.member(MAX).id, PINS[MAX])
    assert there.sign_in.member == there.member(MAX)
    assert there.member(MAX).role == MANAGER
    there.store.close()


def test_every_change_of_staff_says_who_made_it(shop: People) -> None:
    shop.staff.staff = OLGA
    shop.staff.save(replace(shop.member(ANN), name="Ann B."))
    told = shop.told(FactKind.STAFF_SAVED)[-1]
    assert (told["staff"], told["state"]["name"]) == (OLGA, "Ann B.")
    assert json.dumps(told).count("pin_hash") == 1
