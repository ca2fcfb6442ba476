"""Account numbers and bank codes: what banks give out is taken, what was mistyped is not."""

import pytest

from pos_app.domain.iban import (
    BicWrong,
    IbanLengthWrong,
    IbanWrong,
    check_bic,
    check_iban,
    compact,
    is_iban,
)

# The examples of the IBAN Registry (SWIFT, ISO 13616-2).
REAL = (
    "DE89 3704 0044 0532 0130 00",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NO93 8601 1117 947",
    "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    "sa03 8000 0000 6080 1016 7519",
)


@pytest.mark.parametrize("iban", REAL)
def test_a_real_iban_is_taken_with_spaces_and_small_letters(iban: str) -> None:
    check_iban(iban)


@pytest.mark.parametrize("iban", REAL)
def test_any_two_signs_turned_and_any_sign_changed_are_found(iban: str) -> None:
    plain = compact(iban)
    for place in range(4, len(plain) - 1):
        turned = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
        if turned != plain:
            with pytest.raises(IbanWrong):
                check_iban(turned)
        other = "1" if plain[place] == "0" else "0"
        with pytest.raises(IbanWrong):
            check_iban(plain[:place] + other + plain[place + 1 :])


def test_a_sign_too_few_is_told_by_the_length_of_the_country() -> None:
    with pytest.raises(IbanLengthWrong, match="DE has 22 signs, and this one has 21"):
        check_iban("DE8937040044053201300")


@pytest.mark.parametrize(
    "text", ["", "DE", "12345678901234567890", "DE89-3704-0044-0532", "ÄÖ" * 9]
)
def test_what_is_no_iban_at_all_is_refused(text: str) -> None:
    with pytest.raises((IbanWrong, IbanLengthWrong)):
        check_iban(text)


@pytest.mark.parametrize(
    ("iban", "is_right"),
    [
        ("DE75 5121 0800 1245 1261 99", True),
        ("gb33bukb20201555555555", True),
        ("DE75 5121 0800 1245 1261 98", False),
        ("DE8937040044053201300", False),
        ("DE", False),
        ("", False),
        ("75DE51210800124512", False),
        ("DE75-5121-0800-1245-1261-99", False),
        ("DE７５512108001245126199", False),
    ],
)
def test_an_iban_is_right_by_its_check_digits_and_its_length(iban: str, is_right: bool) -> None:
    assert is_iban(iban) is is_right


@pytest.mark.parametrize("bic", ["DEUTDEFF", "deut de ff500", "NEDSZAJJXXX"])
def test_a_bic_is_taken(bic: str) -> None:
    check_bic(bic)


@pytest.mark.parametrize("bic", ["DEUTDEF", "DEUTDEFF50", "1EUTDEFF", "DEUTDEFF500X"])
def test_what_is_no_bic_is_refused(bic: str) -> None:
    with pytest.raises(BicWrong):
        check_bic(bic)
