"""The locked till: who can sign in, the PIN that is typed, and a badge that opens at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.errors import PosError
from pos_app.domain.staff import PIN_MOST, StaffMember
from pos_app.services.sign_in import SignIn
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Working
from pos_app.ui.presenters.refusals import sentence_of


@dataclass(frozen=True, slots=True)
class PersonTile:
    """One name to touch."""

    key: str
    name: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class LockState:
    """Everything on the cover; `dots` is how many digits were typed, `alarms` grows to beep."""

    is_locked: bool = False
    people: tuple[PersonTile, ...] = ()
    name: str = ""
    dots: int = 0
    sentence: str = ""
    is_problem: bool = False
    is_checking: bool = False
    alarms: int = 0


class LockPresenter:
    """Lets one member in; `on_in(member)` is called when somebody is.

    While the till is locked a scan is a badge or nothing: it never reaches the sale behind.
    """

    def __init__(
        self,
        sign_in: SignIn,
        run: RunWork,
        on_state: Callable[[LockState], None],
        on_in: Callable[[StaffMember], None],
    ) -> None:
        self._sign_in = sign_in
        self._run = run
        self._on_state = on_state
        self._on_in = on_in
        self._people: list[StaffMember] = []
        self._chosen = ""
        self._pin = ""
        self.state = LockState()

    @property
    def is_locked(self) -> bool:
        """Whether somebody has to sign in first."""
        return self.state.is_locked

    def lock(self, how: str) -> None:
        """Sign out whoever is in and wait for somebody; their name stays chosen."""
        member = self._sign_in.member
        if member is not None:
            self._chosen = member.id
        self._sign_in.sign_out(how)
        self._people = self._sign_in.people()
        if self._chosen not in {one.id for one in self._people}:
            self._chosen = self._people[0].id if len(self._people) == 1 else ""
        self._pin = ""
        self._put(is_locked=True, is_problem=False, is_checking=False, sentence=self._hint())

    def refresh(self) -> None:
        """List the people anew after the staff was changed."""
        if self.is_locked:
            self._people = self._sign_in.people()
            self._put()

    def choose(self, key: str) -> None:
        """Choose a name; what was typed for another is forgotten."""
        self._chosen, self._pin = key, ""
        self._put(is_problem=False, sentence=self._hint())

    def choose_next(self, step: int) -> None:
        """Choose the name before or after."""
        keys = [one.id for one in self._people]
        if keys:
            place = keys.index(self._chosen) + step if self._chosen in keys else 0
            self.choose(keys[place % len(keys)])

    def key_in(self, digit: str) -> None:
        """Add a digit to the PIN."""
        if self._chosen and len(self._pin) < PIN_MOST and not self.state.is_checking:
            self._pin += digit
            self._put(is_problem=False, sentence=self._hint())
            if len(self._pin) == self._pin_digits():
                self.enter()
        elif not self._chosen:
            self._put(sentence=self._hint())

    def erase(self) -> None:
        """Take the last digit off."""
        self._pin = self._pin[:-1]
        self._put()

    def clear(self) -> None:
        """Take all digits off."""
        self._pin = ""
        self._put(is_problem=False, sentence=self._hint())

    def enter(self) -> None:
        """Sign in with what was typed."""
        pin, staff_id = self._pin, self._chosen
        if pin and staff_id:
            self._check(lambda: self._sign_in.by_pin(staff_id, pin))

    def scan(self, code: str) -> None:
        """Sign in whoever's badge was scanned."""
        self._check(lambda: self._sign_in.by_badge(code))

    def _check(self, work: Callable[[], StaffMember]) -> None:
        """Look at one try after the other, in the background."""
        if self.state.is_checking:
            return
        self._pin = ""
        self._put(is_checking=True, is_problem=False, sentence=t("One moment …"))

        def check(_working: Working) -> StaffMember:
            return work()

        self._run(check, self._let_in, self._refused)

    def _let_in(self, member: StaffMember) -> None:
        self._pin = ""
        self._put(is_locked=False, is_checking=False, sentence="")
        self._on_in(member)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            self._put(is_checking=False)
            raise error
        alarms = self.state.alarms + 1
        sentence = sentence_of(error)
        self._put(is_checking=False, is_problem=True, sentence=sentence, alarms=alarms)

    def _pin_digits(self) -> int:
        """How long the PIN of the chosen one is; 0 where nobody knows."""
        return next((one.pin_digits for one in self._people if one.id == self._chosen), 0)

    def _hint(self) -> str:
        if not self._chosen:
            return t("Touch your name, or scan your badge.")
        return t("Type your PIN, or scan your badge.")

    def _put(self, **values: object) -> None:
        people = tuple(PersonTile(one.id, one.name, one.id == self._chosen) for one in self._people)
        name = next((one.name for one in people if one.is_chosen), "")
        self.state = replace(
            self.state,
            people=people,
            name=name,
            dots=len(self._pin),
            **values,  # type: ignore[arg-type]
        )
        self._on_state(self.state)
