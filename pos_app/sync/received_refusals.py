"""Why a thing from head office cannot stand at this till yet: it waits, and the page goes on."""

from pos_app.domain.errors import PosError


class CodeInUseHere(PosError):
    """Something else at this till has the code."""

    sentence = (
        "{name} came from head office with {code}, which belongs to {owner} here. Give one of them "
        "another one; until then only {owner} is used at this till."
    )


class NotPossibleHere(PosError):
    """A thing that breaks a rule of this till's forms."""

    sentence = "{name} came from head office and cannot stand here: {reason}"


class GroupNotHere(PosError):
    """A product's group has not come."""

    sentence = (
        "{name} came from head office, but its group of products is not at this till. Save that "
        "group at head office once more."
    )


class NobodyWouldBeLeft(PosError):
    """Head office takes the right to change settings away from the last one who can sign in."""

    sentence = (
        "Head office changed the rights of {name}, the last one at this till who has a PIN and may "
        "change the settings. Give somebody else a PIN and that right first."
    )


class ThingUnreadable(PosError):
    """A thing that this program cannot read."""

    sentence = (
        "Something of the kind {kind} came from head office and cannot be read here ({detail}). "
        "Update the program of this till."
    )
