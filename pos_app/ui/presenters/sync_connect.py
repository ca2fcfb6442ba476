"""The sheet that connects a till: an address and a code, an invitation, or one found nearby."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.refusals import sentence_of

INVITATION = "pos-app://enrol"


def is_invitation(text: str) -> bool:
    """Whether a scanned or pasted text is meant as an invitation, well written or not."""
    return text.strip().lower().startswith(INVITATION)


class FoundOffice(Protocol):
    """A head office that answered in the shop's own network."""

    @property
    def company(self) -> str:
        """What it is called."""

    @property
    def url(self) -> str:
        """Where it is."""


class Invitation(Protocol):
    """What an invitation says."""

    @property
    def url(self) -> str:
        """Where head office is."""

    @property
    def code(self) -> str:
        """The one-time code."""


@dataclass(frozen=True, slots=True)
class ConnectTools:
    """What the sheet sets going; `connect` and `find` are slow, `read` takes an invitation apart.

    Each raises what a person should hear.
    """

    connect: Callable[[str, str], None]
    find: Callable[[], Sequence[FoundOffice]]
    read: Callable[[str], Invitation]


@dataclass(frozen=True, slots=True)
class ConnectState:
    """Everything on the sheet; `found` are addresses and names, `errors` stand at their fields."""

    address: str = ""
    code: str = ""
    found: tuple[tuple[str, str], ...] = ()
    is_searching: bool = False
    has_searched: bool = False
    is_busy: bool = False
    errors: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    is_done: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed that would be lost."""
        return bool(self.code) and not self.is_done


class ConnectPresenter:
    """Keeps what is typed; nothing is asked over the network before somebody presses Connect."""

    def __init__(
        self,
        tools: ConnectTools,
        on_state: Callable[[ConnectState], None],
        on_done: Callable[[], None],
        run: RunWork = run_here,
    ) -> None:
        self._tools = tools
        self._on_state = on_state
        self._on_done = on_done
        self._run = run
        self.state = ConnectState()

    def type_address(self, text: str) -> None:
        """Take what stands in the field of the address; an invitation there fills both fields."""
        if is_invitation(text):
            self.take(text)
        else:
            self._put(address=text, errors=(), problem="")

    def type_code(self, text: str) -> None:
        """Take what stands in the field of the code; an invitation there fills both fields."""
        if is_invitation(text):
            self.take(text)
        else:
            self._put(code=text, errors=(), problem="")

    def take(self, text: str) -> bool:
        """Take a scanned or pasted invitation; True where the text was meant as one."""
        if not is_invitation(text):
            return False
        try:
            told = self._tools.read(text.strip())
        except PosError as refusal:
            self._put(problem=sentence_of(refusal), errors=())
        else:
            self._put(address=told.url, code=told.code, errors=(), problem="")
        return True

    def pick(self, url: str) -> None:
        """Take the address of a head office that was found."""
        self._put(address=url, errors=(), problem="")

    def search(self) -> None:
        """Look for head offices in the shop's own network."""
        if self.state.is_searching:
            return
        self._put(is_searching=True)

        def done(found: Sequence[FoundOffice]) -> None:
            offers = tuple(dict.fromkeys((one.url, one.company or one.url) for one in found))
            only = offers[0][0] if len(offers) == 1 and not self.state.address else ""
            address = only or self.state.address
            self._put(is_searching=False, has_searched=True, found=offers, address=address)

        def failed(error: Exception) -> None:
            # Not to be found is no refusal: the address can still be typed.
            self._put(is_searching=False, has_searched=True)
            if not isinstance(error, PosError):
                raise error

        self._run(lambda _working: self._tools.find(), done, failed)

    def connect(self) -> None:
        """Connect the till with what stands in the fields."""
        if self.state.is_busy:
            return
        address, code = self.state.address.strip(), self.state.code.strip()
        errors = []
        if not address:
            told = t("Enter the address of head office, such as https://office.example.com.")
            errors.append(("address", told))
        if not code:
            errors.append(("code", t("Enter the code that head office has made for this till.")))
        self._put(errors=tuple(errors), problem="")
        if errors:
            return
        self._put(is_busy=True)

        def done(_nothing: object) -> None:
            self._put(is_busy=False, is_done=True)
            self._on_done()

        def failed(error: Exception) -> None:
            self._put(is_busy=False)
            if not isinstance(error, PosError):
                raise error
            self._put(problem=sentence_of(error))

        self._run(lambda _working: self._tools.connect(address, code), done, failed)

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)
