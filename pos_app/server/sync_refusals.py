"""What head office refuses to a till, with the status and the code of the native protocol."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class SyncRefusal(PosError):
    """A refusal of the native protocol: `status` is HTTP's, `code` is for programs."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    sentence = "The request cannot be used."


class BodyUnreadable(SyncRefusal):
    """A body that is not what its address takes."""

    sentence = "The request cannot be read ({problem}). Update this till's program."


class RouteUnknown(SyncRefusal):
    """There is no such address in the protocol."""

    status, code = 404, "not_found"
    sentence = "There is nothing at this address."


class MethodWrong(SyncRefusal):
    """The address takes another method."""

    status, code = 405, "bad_request"
    sentence = "This address does not take that method."


class VersionUnknown(SyncRefusal):
    """The till speaks a version of the protocol that head office does not."""

    status, code = 426, "version"
    sentence = "Head office speaks version {ours} of the protocol. Update the older side."


class TokenMissing(SyncRefusal):
    """No token, or one that head office does not know."""

    status, code = 401, "unauthorised"
    sentence = "Head office does not know this till's token. Ask for a new one."


class TokenExpired(SyncRefusal):
    """The token's time is over."""

    status, code = 401, "token_expired"
    sentence = "This till's token is too old. Ask for a new one."


class ProofWrong(SyncRefusal):
    """The request is not signed by a key of the till that the token was given to."""

    status, code = 401, "unauthorised"
    sentence = "The request is not signed by this till's key. Enrol the till anew with a code."


class ClockDiffers(SyncRefusal):
    """The till's time is too far from head office's."""

    status, code = 401, "clock"
    sentence = "The till's clock is more than {seconds} seconds from head office's. Set the clock."


class RequestReplayed(SyncRefusal):
    """The very same signed request came before."""

    status, code = 409, "replayed"
    sentence = "This very request came before. Sign it anew."


class TillRevoked(SyncRefusal):
    """The till was shut out at head office."""

    status, code = 403, "revoked"
    sentence = "This till was shut out at head office. Ask there for a new code."


class CodeWrong(SyncRefusal):
    """Nobody gave out this enrolment code."""

    status, code = 403, "code_wrong"
    sentence = "Head office does not know this code. Check it, or ask for a new one."


class CodeUsed(SyncRefusal):
    """The enrolment code was used by another machine."""

    status, code = 403, "code_used"
    sentence = "This code was used already. Ask for a new one."


class CodeExpired(SyncRefusal):
    """The enrolment code's time is over."""

    status, code = 403, "code_expired"
    sentence = "This code is too old. Ask for a new one."


class EnrolmentUnusable(SyncRefusal):
    """An enrolment or epoch that does not say what it must, or is not signed by its key."""

    sentence = "The enrolment cannot be used: {problem}."


class NumberTaken(SyncRefusal):
    """Another machine of the shop has this till's number."""

    status, code = 409, "till_taken"
    sentence = (
        "Till {till} of shop {shop} is another machine already, and two would give out the same "
        "receipt numbers. Shut that one out at head office first, or give this till another number."
    )


class CurrencyDiffers(SyncRefusal):
    """A till that sells in another currency than its company counts in."""

    status, code = 409, "currency"
    sentence = (
        "This till sells in {theirs} and head office counts in {ours}, so nothing was connected. "
        "Use a head office that was set up with --currency {theirs}."
    )


class EpochUnproven(SyncRefusal):
    """A new key that no known key of the till vouches for."""

    status, code = 403, "epoch_unproven"
    sentence = (
        "This till has a new key, and its old one is not there to vouch for it. "
        "Enrol the till anew with a code from head office."
    )


class EpochUnknown(SyncRefusal):
    """Entries of an epoch whose key head office was not told."""

    status, code = 409, "epoch_unknown"
    sentence = "Head office does not know the key of epoch {epoch} yet. Tell it first."


class NothingToSettle(SyncRefusal):
    """A waiting entry that is not there, or is not this till's."""

    status, code = 404, "not_found"
    sentence = "This entry does not wait at head office any more. Look at the list again."


class RemedyWrong(SyncRefusal):
    """A remedy that is not offered for this entry."""

    status, code = 403, "remedy"
    sentence = "This entry can only be settled at head office."


class ServiceAway(SyncRefusal):
    """The database does not answer."""

    status, code = 503, "unavailable"
    sentence = "Head office's database does not answer. Try again shortly."
