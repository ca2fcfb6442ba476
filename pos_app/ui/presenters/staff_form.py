"""The sheet of one member of staff: fields, PIN, badge, and the key for approval codes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pos_app.domain.approval import ApprovalNeeded
from pos_app.domain.catalogue_rules import FieldRefusal
from pos_app.domain.errors import PosError
from pos_app.domain.staff import StaffMember
from pos_app.services.staff import Staff
from pos_app.texts import LANGUAGES, t
from pos_app.ui.presenters.approval_words import role_name
from pos_app.ui.presenters.background_work import RunWork, Working
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of

Ask = Callable[[ApprovalNeeded, Callable[[], None]], None]


@dataclass(frozen=True, slots=True)
class Secret:
    """A code that is shown once: what it is for, the code itself, and whether it is a badge."""

    title: str = ""
    text: str = ""
    advice: str = ""
    is_badge: bool = False


@dataclass(frozen=True, slots=True)
class StaffFormState:
    """Everything on the sheet; `marks` say what the member has besides a name."""

    title: str
    draft: StaffMember
    pin: str = ""
    again: str = ""
    is_new: bool = False
    is_changed: bool = False
    is_busy: bool = False
    roles: tuple[Choice, ...] = ()
    languages: tuple[Choice, ...] = ()
    marks: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    is_problem: bool = False
    secret: Secret = Secret()


class StaffForm:
    """Holds what is typed until it is saved; hashing is done in the background."""

    def __init__(
        self,
        staff: Staff,
        member: StaffMember | None,
        run: RunWork,
        *,
        ask: Ask,
        on_saved: Callable[[StaffMember], None],
    ) -> None:
        self._staff = staff
        self._run = run
        self._ask = ask
        self._on_saved = on_saved
        self._on_state: Callable[[StaffFormState], None] = lambda _state: None
        self._on_done: Callable[[], None] = lambda: None
        draft = member or staff.new_member()
        roles = (Choice(role.key, role_name(role)) for role in staff.roles())
        languages = (Choice(code, word) for code, word in LANGUAGES.items())
        self.state = StaffFormState(
            title=member.name if member else t("New member of staff"),
            draft=draft,
            is_new=member is None,
            roles=tuple(roles),
            languages=(Choice("", t("The shop's")), *languages),
            marks=marks_of(draft),
        )

    def watch(
        self, on_state: Callable[[StaffFormState], None], on_done: Callable[[], None]
    ) -> None:
        """Show every state to `on_state` from now on; `on_done` when everything is saved."""
        self._on_state, self._on_done = on_state, on_done
        on_state(self.state)

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the member."""
        errors = {name: error for name, error in self.state.errors.items() if name not in values}
        draft = replace(self.state.draft, **values)
        self._put(draft=draft, errors=errors, is_changed=True, message="")

    def type_pin(self, *, pin: str | None = None, again: str | None = None) -> None:
        """Take over the PIN as it is typed, or its repetition."""
        old = self.state
        self._put(
            pin=old.pin if pin is None else pin,
            again=old.again if again is None else again,
            is_changed=True,
            message="",
            errors={name: error for name, error in old.errors.items() if name != "pin"},
        )

    def save(self) -> bool:
        """Save in the background; the sheet closes when `on_done` is called."""
        state = self.state
        pins = (state.pin, state.again) if state.pin or state.again else None
        self._work(lambda: self._staff.save(state.draft, pins), self._saved, self.save)
        return False

    def make_badge(self) -> None:
        """Make a new badge; its code is shown once, to be printed."""
        member = self.state.draft
        self._work(
            lambda: self._staff.new_badge(member.id),
            lambda code: self._show_secret(
                Secret(
                    t("New badge of {name}").format(name=isolated(member.name)),
                    code,
                    t("Print it now: the till keeps no copy. An earlier badge is no longer good."),
                    is_badge=True,
                )
            ),
            self.make_badge,
        )

    def make_code_key(self) -> None:
        """Make a key for approval codes; it is shown once, to be scanned or copied."""
        member = self.state.draft
        self._work(
            lambda: self._staff.new_code_key(member.id),
            lambda key: self._show_secret(
                Secret(
                    t("Key for approval codes of {name}").format(name=isolated(member.name)),
                    key,
                    t(
                        "On the manager's own computer: pos-app approve-code --enrol, then type "
                        "this key. An earlier key is no longer good."
                    ),
                )
            ),
            self.make_code_key,
        )

    def take_scan(self, code: str) -> None:
        """Take a scanned card for this member's badge."""
        if self.state.is_new:
            self._put(message=t("Save first, then scan the card."), is_problem=True)
            return
        member = self.state.draft
        self._work(
            lambda: self._staff.set_badge(member.id, code),
            lambda _member: self._renew(t("The card is the badge now.")),
            lambda: self.take_scan(code),
        )

    def hide_secret(self) -> None:
        """Take the code that is shown off the screen."""
        self._put(secret=Secret())

    def _work(
        self, work: Callable[[], Any], done: Callable[[Any], None], again: Callable[[], Any]
    ) -> None:
        if self.state.is_busy:
            return
        self._put(is_busy=True, message="", is_problem=False)

        def finish(result: Any) -> None:
            self._put(is_busy=False)
            done(result)

        def fail(error: Exception) -> None:
            self._put(is_busy=False)
            self._refused(error, again)

        def start(_working: Working) -> Any:
            return work()

        self._run(start, finish, fail)

    def _refused(self, error: Exception, again: Callable[[], Any]) -> None:
        if isinstance(error, ApprovalNeeded):
            self._ask(error, lambda: again() and None)
            return
        if not isinstance(error, PosError):
            raise error
        sentence = sentence_of(error)
        if isinstance(error, FieldRefusal):
            self._put(errors={error.field: sentence})
        elif type(error).__name__.startswith("Pin"):
            self._put(errors={"pin": sentence})
        else:
            self._put(message=sentence, is_problem=True)

    def _saved(self, member: StaffMember) -> None:
        self._put(is_changed=False)
        self._on_saved(member)
        self._on_done()

    def _show_secret(self, secret: Secret) -> None:
        self._renew("")
        self._put(secret=secret)

    def _renew(self, message: str) -> None:
        """Read what was just written; what is typed in other fields stays."""
        known = self._staff.member(self.state.draft.id)
        if known is not None:
            typed = self.state.draft
            draft = replace(
                known,
                name=typed.name,
                code=typed.code,
                role=typed.role,
                language=typed.language,
                is_active=typed.is_active,
            )
            self._put(draft=draft, marks=marks_of(known), message=message, is_problem=False)
            self._on_saved(known)

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)


def marks_of(member: StaffMember) -> tuple[str, ...]:
    """Say in words what a member can sign in and approve with."""
    marks = []
    if member.pin_hash:
        marks.append(t("PIN"))
    if member.badge_hash:
        marks.append(t("Badge"))
    if member.code_serial:
        marks.append(t("Key for codes"))
    return tuple(marks)
