"""Which phase the till is in after a refusal of the wire or of head office."""

from pos_app.domain.errors import PosError
from pos_app.sync import answers
from pos_app.sync.status import SyncPhase
from pos_app.sync.transport import AddressNotSafe, CertificateRefused, TransportFailure

# The first that fits; what fits none is trouble with a sentence of its own.
_PHASES: tuple[tuple[type[PosError], SyncPhase], ...] = (
    (CertificateRefused, SyncPhase.TROUBLE),
    (AddressNotSafe, SyncPhase.TROUBLE),
    (TransportFailure, SyncPhase.OFFLINE),
    (answers.SignInPage, SyncPhase.SIGN_IN_PAGE),
    (answers.OtherVersion, SyncPhase.OTHER_VERSION),
    (answers.TillShutOut, SyncPhase.REVOKED),
    (answers.TokenRefused, SyncPhase.ENROLMENT_NEEDED),
    (answers.KeyNotVouchedFor, SyncPhase.ENROLMENT_NEEDED),
    (answers.OfficeBusy, SyncPhase.BUSY),
)
FAILED_PHASES = frozenset({*(phase for _, phase in _PHASES), SyncPhase.TROUBLE})


def phase_of(refusal: PosError) -> SyncPhase:
    """Return what a refusal that cannot be mended at once means for the till."""
    for kind, phase in _PHASES:
        if isinstance(refusal, kind):
            return phase
    return SyncPhase.TROUBLE
