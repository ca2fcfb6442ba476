"""What an answer of head office means: the body, or the reason why there is none."""

from typing import TypeVar

from pos_app.domain.errors import PosError
from pos_app.sync import wire
from pos_app.sync.transport import Answer
from pos_app.texts import later

OFFICE_HEADER = "x-pos-office"
AT_HEADER = "x-pos-at"
RETRY_HEADER = "retry-after"

Shape = TypeVar("Shape")


class OfficeRefusal(PosError):
    """Head office said no; `message` is what it said."""

    sentence = "Head office refused: {message}"


class SignInPage(OfficeRefusal):
    """Somebody else answered: this network wants to be signed in to first."""

    sentence = (
        "The answer did not come from head office. Check the address, and whether this network "
        "asks for a sign-in page first: open it in a browser on this machine."
    )


class OfficeBusy(OfficeRefusal):
    """Head office cannot take anything now; `retry_after` is what it asked for, maybe empty."""

    sentence = "Head office is busy. Try again in a minute."


class ClockWrong(OfficeRefusal):
    """The request carried a wrong time; `office_at` is head office's (ISO 8601 UTC)."""

    sentence = "This till's clock differs from head office's. Set the clock, then try again."


class TokenRefused(OfficeRefusal):
    """The access token is not good any more."""

    sentence = "Head office did not accept this till's sign-in. Try again."


class TillShutOut(OfficeRefusal):
    """The till was revoked at head office."""

    sentence = "Head office has shut this till out. Ask there why."


class OtherVersion(OfficeRefusal):
    """Head office speaks no version of the protocol that this program speaks."""

    sentence = (
        "Head office speaks another version of this program ({theirs}; this till {ours}). "
        "Update the older side, then try again."
    )


class KeyNotVouchedFor(OfficeRefusal):
    """The till has a new key, and its old one is not there to vouch for it."""

    sentence = "Head office does not know this till's new key. Connect it again with a new code."


class EpochNotTold(OfficeRefusal):
    """Entries of an epoch came whose key head office does not know."""

    sentence = "Head office does not know the key that signed some entries. Try again."


class SentTwice(OfficeRefusal):
    """The network brought a request twice, and this is the answer to the second."""

    sentence = "The network brought a message twice. Try again."


class CodeWrong(OfficeRefusal):
    """There is no such enrolment code."""

    sentence = "Head office does not know this code. Check it, or ask for a new one."


class CodeUsed(OfficeRefusal):
    """The enrolment code was used already."""

    sentence = "This code has been used already. Ask head office for a new one."


class CodeExpired(OfficeRefusal):
    """The enrolment code is too old."""

    sentence = "This code is too old. Ask head office for a new one."


class TooMuchAtOnce(OfficeRefusal):
    """A body was larger than head office takes."""

    sentence = "Head office does not take messages of this size. Ask there for a higher limit."


PRODUCT = "pos_app head office"
_NO_MESSAGE = later("it did not say why")
_BY_CODE: dict[str, type[OfficeRefusal]] = {
    "clock": ClockWrong,
    "revoked": TillShutOut,
    "version": OtherVersion,
    "epoch_unproven": KeyNotVouchedFor,
    "epoch_unknown": EpochNotTold,
    "replayed": SentTwice,
    "code_wrong": CodeWrong,
    "code_used": CodeUsed,
    "code_expired": CodeExpired,
    "too_large": TooMuchAtOnce,
    "busy": OfficeBusy,
    "unavailable": OfficeBusy,
}
_BY_STATUS: dict[int, type[OfficeRefusal]] = {
    401: TokenRefused,
    413: TooMuchAtOnce,
    426: OtherVersion,
    429: OfficeBusy,
}


def read_answer(answer: Answer, kind: type[Shape]) -> Shape:
    """Return the body of a good answer; raises NotOurWire or the refusal that it is."""
    check_answer(answer)
    return wire.decode(kind, answer.body)


def check_answer(answer: Answer) -> None:
    """Raise what an answer refuses with; nothing for a good one (200 and 204)."""
    if OFFICE_HEADER not in answer.headers:
        # A gateway before head office says 502 to 504; anything else comes from a stranger.
        stranger = OfficeBusy if answer.status in {429, 502, 503, 504} else SignInPage
        raise stranger(
            message=_NO_MESSAGE, code="", retry_after=answer.headers.get(RETRY_HEADER, "")
        )
    if answer.status in {200, 204}:
        return
    failure = _failure(answer.body)
    kind = _BY_CODE.get(failure.code) or _BY_STATUS.get(answer.status)
    if kind is None:
        kind = OfficeBusy if answer.status >= 500 else OfficeRefusal
    raise kind(
        message=failure.message or _NO_MESSAGE,
        code=failure.code,
        request_id=failure.request_id,
        retry_after=answer.headers.get(RETRY_HEADER, ""),
        office_at=answer.headers.get(AT_HEADER, ""),
        theirs="?",
        ours=wire.VERSION,
    )


def check_hello(hello: wire.Hello) -> None:
    """Refuse who is no head office, or one of another version; raises SignInPage, OtherVersion."""
    if hello.product != PRODUCT:
        raise SignInPage(message=_NO_MESSAGE, code="")
    if not set(hello.versions) & set(wire.VERSIONS):
        theirs = ", ".join(str(version) for version in hello.versions) or "?"
        raise OtherVersion(message=_NO_MESSAGE, code="version", theirs=theirs, ours=wire.VERSION)


def _failure(body: bytes) -> wire.Failure:
    try:
        return wire.decode(wire.Failure, body)
    except wire.NotOurWire:
        return wire.Failure(code="", message="")
