"""The sheet that sets up a connection with another system: which API, where, by which key, how.

What goes there and what does not is said before anything is sent; a test tries what works and
changes nothing on the other side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pos_app.domain.errors import PosError
from pos_app.sync.dialect import Ability, Carried, Credentials, Dialect
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, run_here
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Tone

FROM_NOW, FROM_THE_BEGINNING = "now", "beginning"


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """A connection as it stands in the fields; an empty `key` leaves the one that is kept."""

    id: str = ""
    api: str = ""
    name: str = ""
    url: str = ""
    key: str = ""
    user: str = ""
    company: str = ""
    connection: str = ""
    start: str = FROM_NOW
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of a test: what was tried, whether it works, and what the other side said."""

    words: str
    works: bool
    detail: str = ""


class ConnectionTools(Protocol):
    """What the sheet sets going; `save` and `try_out` are slow and raise what a person may hear."""

    def dialects(self) -> Sequence[Dialect]:
        """Return the APIs that are spoken."""

    def abilities(self, draft: ConnectionDraft) -> Sequence[Ability]:
        """Say what goes there, as the connection is set up now."""

    def try_out(self, draft: ConnectionDraft) -> Sequence[Tried]:
        """Slow: ask the other side, changing nothing there."""

    def save(self, draft: ConnectionDraft) -> None:
        """Slow: keep the connection and begin to send."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """A switch or text of a connection; without choices it is typed."""

    name: str
    label: str
    value: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AbilityRow:
    """Whether some kinds of things go there, and what a person should know of that."""

    kinds: str
    words: str
    carries: bool


@dataclass(frozen=True, slots=True)
class ConnectionFormState:
    """Everything on the sheet; `errors` stand at their fields.

    `takes` are the fields that the API has a use for, `needs` those that must be filled.
    """

    draft: ConnectionDraft = ConnectionDraft()
    apis: tuple[Choice, ...] = ()
    starts: tuple[Choice, ...] = ()
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    options: tuple[OptionRow, ...] = ()
    abilities: tuple[AbilityRow, ...] = ()
    tried: tuple[tuple[str, Tone], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    is_new: bool = True
    is_busy: bool = False
    is_changed: bool = False
    has_key: bool = False


class ConnectionForm:
    """Keeps what is typed; the network is asked only when somebody presses Test."""

    def __init__(
        self,
        tools: ConnectionTools,
        draft: ConnectionDraft,
        on_state: Callable[[ConnectionFormState], None],
        on_saved: Callable[[], None],
        run: RunWork = run_here,
    ) -> None:
        self._tools = tools
        self._on_state = on_state
        self._on_saved = on_saved
        self._run = run
        self._dialects = {one.api: one for one in tools.dialects()}
        api = draft.api or next(iter(self._dialects))
        self.state = ConnectionFormState(
            apis=tuple(Choice(one.api, one.title) for one in self._dialects.values()),
            starts=(
                Choice(FROM_NOW, t("What is sold from now on")),
                Choice(FROM_THE_BEGINNING, t("Everything since the till was set up")),
            ),
            is_new=not draft.id,
            has_key=bool(draft.id),
        )
        self._follow(replace(draft, api=api))

    def change(self, **values: str) -> None:
        """Take over what was typed or chosen, by field of the draft."""
        errors = tuple((name, error) for name, error in self.state.errors if name not in values)
        self.state = replace(self.state, errors=errors, is_changed=True, tried=(), problem="")
        fields: dict[str, Any] = dict(values)
        self._follow(replace(self.state.draft, **fields))

    def choose(self, option: str, value: str) -> None:
        """Set an option."""
        draft = self.state.draft
        self.state = replace(self.state, is_changed=True, tried=())
        self._follow(replace(draft, options={**draft.options, option: value}))

    def test(self) -> None:
        """Try what works over there; nothing is changed."""
        if self.state.is_busy or not self._is_filled():
            return
        draft = self.state.draft
        self._put(is_busy=True, tried=(), problem="")

        def done(tried: Sequence[Tried]) -> None:
            lines = tuple(_tried(one) for one in tried)
            self._put(is_busy=False, tried=lines)

        self._run(lambda _working: self._tools.try_out(draft), done, self._failed)

    def save(self) -> None:
        """Keep the connection; the sheet goes away by itself when that is done."""
        if self.state.is_busy or not self._is_filled():
            return
        draft = self.state.draft
        self._put(is_busy=True, problem="")

        def done(_nothing: object) -> None:
            self._put(is_busy=False, is_changed=False)
            self._on_saved()

        self._run(lambda _working: self._tools.save(draft), done, self._failed)

    def _is_filled(self) -> bool:
        draft, needs = self.state.draft, self.state.needs
        errors = {}
        for name in ("url", *sorted(needs)):
            is_kept = name == "key" and self.state.has_key
            if not getattr(draft, name).strip() and not is_kept:
                errors[name] = t("This is needed.")
        self._put(errors=tuple(errors.items()))
        return not errors

    def _failed(self, error: Exception) -> None:
        self._put(is_busy=False)
        if not isinstance(error, PosError):
            raise error
        name = getattr(error, "field", "")
        if name:
            self._put(errors=((name, sentence_of(error)),))
        else:
            self._put(problem=sentence_of(error))

    def _follow(self, draft: ConnectionDraft) -> None:
        """Show what belongs to the API that is chosen."""
        dialect = self._dialects[draft.api]
        options = tuple(
            OptionRow(
                one.name,
                t(one.words),
                draft.options.get(one.name, one.usual),
                tuple(Choice(key, t(words)) for key, words in one.choices),
            )
            for one in dialect.options
        )
        abilities = _abilities(self._tools.abilities(draft))
        # An API with a sign-in takes a user name, though its key may be a token already.
        has_sign_in = dialect.sign_in(Credentials("", "key", "user")) is not None
        takes = dialect.needs | ({"user"} if has_sign_in else frozenset())
        self._put(
            draft=draft, needs=dialect.needs, takes=takes, options=options, abilities=abilities
        )

    def _put(self, **values: Any) -> None:
        self.state = replace(self.state, **values)
        self._on_state(self.state)


def _abilities(abilities: Sequence[Ability]) -> tuple[AbilityRow, ...]:
    """Return a row for all kinds of which the same is to be said, what goes there first."""
    kinds: dict[tuple[bool, str], list[str]] = {}
    for one in abilities:
        kinds.setdefault((one.carries, t(one.words)), []).append(_kind_words(one.kind))
    rows = sorted(kinds.items(), key=lambda row: not row[0][0])
    return tuple(AbilityRow(", ".join(names), words, carries) for (carries, words), names in rows)


def _kind_words(kind: Carried) -> str:
    words = {
        Carried.CUSTOMER: t("Customers"),
        Carried.SALE: t("Receipts"),
        Carried.VOID: t("Voided receipts"),
        Carried.RETURN: t("Returns and exchanges"),
        Carried.QUOTATION: t("Quotations"),
        Carried.ORDER: t("Orders"),
        Carried.DELIVERY: t("Delivery notes"),
        Carried.INVOICE: t("Invoices"),
        Carried.PAYMENT: t("Payments of invoices"),
        Carried.SALES_RETURN: t("Credit notes"),
    }
    return words[kind]


def _tried(one: Tried) -> tuple[str, Tone]:
    words = f"{one.words} {one.detail}".strip() if one.detail else one.words
    return words, Tone.SUCCESS if one.works else Tone.DANGER
