"""Bank accounts as ISO 13616 writes them, and the banks' own codes (ISO 9362)."""

from re import fullmatch

from pos_app.domain.errors import PosError

# How long an IBAN of each country is: the IBAN Registry that SWIFT keeps for ISO 13616-2.
_LENGTHS = {
    country: int(length)
    for country, length in (
        entry.split(":")
        for entry in (
            "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22 "
            "CY:28 CZ:24 DE:22 DJ:27 DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FK:18 FO:18 FR:27 GB:22 "
            "GE:22 GI:23 GL:18 GR:27 GT:28 HN:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 "
            "KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MN:20 "
            "MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 "
            "RU:33 SA:24 SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28 TL:23 TN:24 TR:26 "
            "UA:29 VA:22 VG:24 XK:20 YE:30"
        ).split()
    )
}
_IBAN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}"
_BIC = r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"


class IbanWrong(PosError):
    """An account number that no bank has given out."""

    sentence = "{iban} is not an IBAN: its check digits do not fit. Compare it letter by letter."


class IbanLengthWrong(PosError):
    """An account number with too many or too few signs for its country."""

    sentence = "An IBAN of {country} has {length} signs, and this one has {count}. Check it."


class BicWrong(PosError):
    """A bank code that is not one."""

    sentence = "{bic} is not a BIC. It has 8 or 11 letters and digits, such as DEUTDEFF."


def compact(code: str) -> str:
    """Return an IBAN or BIC without spaces, in capitals."""
    return "".join(code.split()).upper()


def check_iban(text: str) -> None:
    """Refuse what is no IBAN; spaces do not count.

    The length is that of its country, the check that of ISO 7064 (MOD 97-10). Raises IbanWrong or
    IbanLengthWrong.
    """
    iban = compact(text)
    if not fullmatch(_IBAN, iban):
        raise IbanWrong(iban=iban[:40])
    wanted = _LENGTHS.get(iban[:2])
    if wanted is not None and len(iban) != wanted:
        raise IbanLengthWrong(country=iban[:2], length=wanted, count=len(iban))
    turned = iban[4:] + iban[:4]
    if int("".join(str(int(sign, 36)) for sign in turned)) % 97 != 1:
        raise IbanWrong(iban=iban)


def is_iban(text: str) -> bool:
    """Whether a bank can have given out this account number, as `check_iban` finds."""
    try:
        check_iban(text)
    except (IbanWrong, IbanLengthWrong):
        return False
    return True


def check_bic(text: str) -> None:
    """Refuse what is no BIC (ISO 9362); raises BicWrong."""
    if not fullmatch(_BIC, compact(text)):
        raise BicWrong(bic=compact(text)[:20])
