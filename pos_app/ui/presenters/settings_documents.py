"""The page about documents: numbers, terms, look, seller and bank, with an invoice to look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pos_app.domain.document_settings import BankDetails, DocumentSettings, SellerAddress
from pos_app.domain.errors import PosError
from pos_app.domain.shop import ShopSettings
from pos_app.domain.tax import Tax
from pos_app.printing.document_page import LANGUAGES
from pos_app.services.document_rules import document_refusals, picture_refusal, tidied
from pos_app.services.document_sample import sample_picture
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.draft_page import saved, typed, why_not_saved
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.typed_figures import NotAFigure, shown_figure, typed_decimal
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

SaveDocuments = Callable[[DocumentSettings], str]
Render = Callable[[ShopSettings, Sequence[Tax], datetime], bytes]
_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "zh": "中文", "ar": "العربية"}
_DAYS = ("valid_days", "due_days", "early_days")
_ADDRESS = tuple(one.name for one in fields(SellerAddress))
_BANK = tuple(one.name for one in fields(BankDetails))
_DAY_LIMIT = 10**6


@dataclass(frozen=True, slots=True)
class DocumentsDraft:
    """Every field of the page as typed."""

    quotation_prefix: str = ""
    order_prefix: str = ""
    delivery_note_prefix: str = ""
    invoice_prefix: str = ""
    return_prefix: str = ""
    customer_prefix: str = ""
    valid_days: str = ""
    due_days: str = ""
    reminder_days: str = ""
    early_days: str = ""
    early_percent: str = ""
    payment_terms: str = ""
    shipping_terms: str = ""
    invoice_note: str = ""
    colour: str = ""
    language: str = ""
    logo_path: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""
    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    vat_id: str = ""
    register: str = ""
    email: str = ""
    website: str = ""
    contact: str = ""


_TEXTS = tuple(
    one.name
    for one in fields(DocumentsDraft)
    if one.name not in (*_DAYS, *_ADDRESS, *_BANK, "reminder_days", "early_percent")
)


@dataclass(frozen=True, slots=True)
class DocumentsPageState:
    """Everything on the page; `picture` is an invoice by what is typed, as a PNG."""

    draft: DocumentsDraft = DocumentsDraft()
    languages: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    is_changed: bool = False
    result: str = ""
    result_tone: Tone = Tone.PLAIN
    picture: bytes = b""
    picture_problem: str = ""


class DocumentSettingsPresenter:
    """Keeps a draft until it can be saved; nothing typed is ever lost by an error."""

    def __init__(
        self,
        store: "Store",
        save: SaveDocuments,
        run: RunWork,
        on_state: Callable[[DocumentsPageState], None],
        now: Callable[[], datetime],
        *,
        render: Render = sample_picture,
    ) -> None:
        self._store = store
        self._save = save
        self._run = run
        self._on_state = on_state
        self._now = now
        self._render = render
        self._drawing: Stoppable | None = None
        self._is_open = False
        self._state = DocumentsPageState()
        self.refresh()

    @property
    def state(self) -> DocumentsPageState:
        """What the page shows now."""
        return self._state

    def open(self) -> None:
        """Draw the invoice, now that somebody looks."""
        self._is_open = True
        self._draw()

    def refresh(self) -> None:
        """Show what is in force."""
        shop = self._store.settings.shop()
        draft = _draft_of(shop.documents, amount_format(shop))
        own = Choice("", t("The customer's, else the shop's"))
        languages = (own, *(Choice(key, _NAMES[key]) for key in LANGUAGES))
        self._put(draft=draft, languages=languages, errors={}, is_changed=False)
        self._draw()

    def change(self, **values: Any) -> None:
        """Take over what was typed, by field; its error goes away and the invoice follows."""
        self._put(**typed(self._state.draft, self._state.errors, values))
        self._draw()

    def save(self) -> bool:
        """Save the page; on a refusal each error stands under its field."""
        shop = self._store.settings.shop()
        amounts = amount_format(shop)
        made, refusals = _settings_of(self._state.draft, shop, amounts)
        refusals = document_refusals(made) | refusals
        missing = picture_refusal(made.logo_path)
        if missing is not None:
            refusals["logo_path"] = missing
        wrong = why_not_saved(made, refusals, self._save, amounts)
        if wrong:
            self._put(**wrong)
            return False
        self.refresh()
        self._put(**saved())
        return True

    def _draw(self) -> None:
        """Draw an invoice of what is typed elsewhere; the latest draft wins."""
        if self._drawing is not None:
            self._drawing.cancel()
        if not self._is_open:
            return
        shop = self._store.settings.shop()
        made, _ = _settings_of(self._state.draft, shop, amount_format(shop))
        wrong = document_refusals(made)
        shown = replace(shop, documents=_sound(made, shop.documents, wrong))
        taxes, at, render = self._store.products.taxes(), self._now(), self._render

        def work(working: Working) -> bytes:
            working.stop_if_cancelled()
            return render(shown, taxes, at)

        self._drawing = self._run(work, self._drawn, self._not_drawn)

    def _drawn(self, picture: bytes) -> None:
        self._put(picture=picture, picture_problem="")

    def _not_drawn(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._put(picture=b"", picture_problem=sentence_of(error))

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _draft_of(documents: DocumentSettings, amounts: AmountFormat) -> DocumentsDraft:
    return DocumentsDraft(
        **{name: getattr(documents, name) for name in _TEXTS},
        **{name: str(getattr(documents, name)) for name in _DAYS},
        **{name: getattr(documents.address, name) for name in _ADDRESS},
        **{name: getattr(documents.bank, name) for name in _BANK},
        reminder_days="  ".join(str(day) for day in documents.reminder_days),
        early_percent=shown_figure(documents.early_percent, amounts),
    )


def _settings_of(
    draft: DocumentsDraft, shop: ShopSettings, amounts: AmountFormat
) -> tuple[DocumentSettings, dict[str, PosError]]:
    """Return the settings that the texts make, and by field what cannot be read."""
    refusals: dict[str, PosError] = {}
    values: dict[str, Any] = {name: getattr(draft, name).strip() for name in _TEXTS}
    for name in _DAYS:
        try:
            values[name] = _days(getattr(draft, name), amounts)
        except NotAFigure as refusal:
            refusals[name] = refusal
    try:
        parts = draft.reminder_days.replace(";", " ").replace(",", " ").split()
        values["reminder_days"] = tuple(_days(part, amounts) for part in parts)
    except NotAFigure as refusal:
        refusals["reminder_days"] = refusal
    try:
        values["early_percent"] = typed_decimal(draft.early_percent, amounts) or Decimal(0)
    except NotAFigure as refusal:
        refusals["early_percent"] = refusal
    address = SellerAddress(**{name: getattr(draft, name).strip() for name in _ADDRESS})
    bank = BankDetails(**{name: getattr(draft, name).strip() for name in _BANK})
    made = replace(shop.documents, **values, address=address, bank=bank)
    return tidied(made), refusals


def _days(text: str, amounts: AmountFormat) -> int:
    days = typed_decimal(text, amounts) or Decimal(0)
    if days != days.to_integral_value() or abs(days) > _DAY_LIMIT:
        raise NotAFigure(text=text.strip()[:40], example="30")
    return int(days)


def _sound(
    made: DocumentSettings, before: DocumentSettings, wrong: dict[str, PosError]
) -> DocumentSettings:
    """Return the draft with what cannot stand as it was before, so that a page can be drawn."""
    own = {one.name for one in fields(DocumentSettings)}
    kept = {name: getattr(before, name) for name in wrong if name in own and name != "bank"}
    if wrong.keys() & set(_BANK):
        kept["bank"] = before.bank
    if wrong.keys() & set(_ADDRESS):
        kept["address"] = before.address
    return replace(made, **kept)
