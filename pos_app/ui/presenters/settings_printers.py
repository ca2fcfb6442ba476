"""The printers' page of the settings: the list, one printer's fields, a test print, a search."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.shop import PrinterKind, PrinterSettings
from pos_app.domain.tax import Tax
from pos_app.services.printer_setup import (
    check_printer,
    find_printers,
    line_widths,
    print_test_page,
    printer_models,
    receipt_picture,
    sample_sale,
)
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.printer_words import free_name, kind_words
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.views import TableRow, Tone

if TYPE_CHECKING:
    from pos_app.printing.discovery import Found
    from pos_app.store.store import Store

SavePrinters = Callable[[tuple[PrinterSettings, ...]], str]

_PREVIEW = PrinterSettings()


@dataclass(frozen=True, slots=True)
class PrintersState:
    """Everything on the printers' page; `place` -1 is a printer not on the list yet."""

    printers: tuple[TableRow, ...] = ()
    place: int = 0
    draft: PrinterSettings = _PREVIEW
    serial: int = 0
    is_changed: bool = False
    kinds: tuple[Choice, ...] = ()
    models: tuple[Choice, ...] = ()
    letters: tuple[Choice, ...] = ()
    target_label: str = ""
    target_hint: str = ""
    needs_target: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    result: str = ""
    result_tone: Tone = Tone.PLAIN
    picture: bytes = b""
    is_busy: bool = False
    found: tuple[TableRow, ...] | None = None


class PrintersPresenter:
    """Edits one printer at a time; the first on the list prints the receipts."""

    def __init__(
        self,
        store: "Store",
        save: SavePrinters,
        run: RunWork,
        on_state: Callable[[PrintersState], None],
        now: Callable[[], datetime],
        *,
        taxes: Callable[[], tuple[Tax, ...]],
        find: Callable[[], "list[Found]"] = find_printers,
        print_page: Callable[..., bytes | None] = print_test_page,
        draw: Callable[..., bytes] = receipt_picture,
    ) -> None:
        self._store = store
        self._save = save
        self._run = run
        self._on_state = on_state
        self._now = now
        self._taxes = taxes
        self._find = find
        self._print_page = print_page
        self._draw = draw
        self._drawing: Stoppable | None = None
        self._is_open = False
        self._amounts = amount_format(store.settings.shop())
        self._found: list[Found] = []
        self._job: Stoppable | None = None
        self._state = PrintersState()
        self.refresh()

    @property
    def state(self) -> PrintersState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Read the list anew and show its first printer."""
        self._printers = self._store.settings.shop().printers
        self._amounts = amount_format(self._store.settings.shop())
        self._state = replace(
            self._state,
            kinds=tuple(Choice(kind.value, word) for kind, word in kind_words().items()),
            letters=_letters(),
            models=self._state.models or (Choice("default", t("Any (ESC/POS)")),),
        )
        self.choose(min(max(self._state.place, 0), max(len(self._printers) - 1, 0)))

    def open(self) -> None:
        """Begin to draw what the printer on show would print, now that somebody looks."""
        self._is_open = True
        self.load_models()
        self._follow()

    def load_models(self) -> None:
        """Read the names of known models; they take a moment, so it happens in the background."""
        if len(self._state.models) > 1:
            return

        def done(names: list[str]) -> None:
            others = (Choice(name, name) for name in names if name != "default")
            self._put(models=(Choice("default", t("Any (ESC/POS)")), *others))

        self._run(lambda _working: printer_models(), done)

    def choose(self, place: int) -> None:
        """Show the printer at a place of the list."""
        draft = self._printers[place] if place < len(self._printers) else PrinterSettings()
        self._open(place, draft)

    def add(self, draft: PrinterSettings | None = None) -> None:
        """Begin a new printer."""
        name = free_name(t("Printer"), [printer.name for printer in self._printers])
        self._open(-1, draft or PrinterSettings(name=name, kind=PrinterKind.NETWORK))

    def take_found(self, key: str) -> None:
        """Begin a new printer from one that the search found."""
        one = self._found[int(key)]
        name = free_name(one.name[:40], [printer.name for printer in self._printers])
        self.add(PrinterSettings(name=name, kind=one.kind, target=one.target))

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the printer."""
        draft = replace(self._state.draft, **values)
        errors = {name: error for name, error in self._state.errors.items() if name not in values}
        self._put(draft=draft, errors=errors, is_changed=True, result="", **_target_words(draft))
        if _ON_PAPER & values.keys():
            self._follow()

    def save(self) -> bool:
        """Keep the printer; on a refusal the error stands under its field."""
        printer = self._checked()
        if printer is None:
            return False
        printers = list(self._printers)
        place = self._state.place
        if place < 0 or place >= len(printers):
            place = len(printers)
            printers.append(printer)
        else:
            printers[place] = printer
        problem = self._save(tuple(printers))
        if problem:
            self._put(errors={"name": problem})
            return False
        self._put(place=place)
        self.refresh()
        self._put(
            result=t("{name} is saved.").format(name=isolated(printer.name)),
            result_tone=Tone.SUCCESS,
        )
        return True

    def take_tried(self, printer: PrinterSettings) -> str:
        """Put a printer on the list that was tried out; return what is wrong, if anything.

        It prints the receipts at once where until now they were only shown.
        """
        others = tuple(one for one in self._printers if one.name != printer.name)
        only_shown = not others or others[0].kind is PrinterKind.PREVIEW
        problem = self._save((printer, *others) if only_shown else (*others, printer))
        if not problem:
            self._state = replace(self._state, place=0 if only_shown else len(others))
            self.refresh()
        return problem

    def remove(self) -> None:
        """Take the printer off the list."""
        place = self._state.place
        if 0 <= place < len(self._printers):
            rest = (*self._printers[:place], *self._printers[place + 1 :])
            self._tell_or_refresh(self._save(rest))
        else:
            self.refresh()

    def make_first(self) -> None:
        """Let this printer print the receipts from now on."""
        place = self._state.place
        if 0 < place < len(self._printers):
            chosen = self._printers[place]
            rest = (*self._printers[:place], *self._printers[place + 1 :])
            problem = self._save((chosen, *rest))
            self._state = replace(self._state, place=0)
            self._tell_or_refresh(problem)

    def test(self) -> None:
        """Print a test receipt with what is typed now and tell how it went."""
        printer = self._checked()
        if printer is None or self._state.is_busy:
            return
        shop, taxes, at = self._store.settings.shop(), self._taxes(), self._now()

        def work(_working: Working) -> bytes | None:
            return self._print_page(shop, printer, taxes, at)

        self._put(is_busy=True, result=t("Printing …"), result_tone=Tone.PLAIN)
        self._job = self._run(work, self._printed, self._not_printed)

    def search(self) -> None:
        """Look for printers in the background."""
        if self._state.is_busy:
            return
        self._put(is_busy=True, result=t("Looking for printers …"), result_tone=Tone.PLAIN)
        self._job = self._run(lambda _working: self._find(), self._searched, self._not_printed)

    def _tell_or_refresh(self, problem: str) -> None:
        if problem:
            self._put(result=problem, result_tone=Tone.DANGER)
        else:
            self.refresh()

    def _open(self, place: int, draft: PrinterSettings) -> None:
        self._put(
            printers=self._rows(),
            place=place,
            draft=draft,
            serial=self._state.serial + 1,
            is_changed=place < 0,
            errors={},
            result="",
            **_target_words(draft),
        )
        self._follow()

    def _follow(self) -> None:
        """Draw a sample receipt from the very bytes that the printer on show would get."""
        if not self._is_open:
            return
        if self._drawing is not None:
            self._drawing.cancel()
        shop, taxes, at = self._store.settings.shop(), self._taxes(), self._now()
        printer = self._state.draft

        def work(working: Working) -> bytes:
            sale = sample_sale(shop, taxes, at)
            working.stop_if_cancelled()
            return self._draw(sale, shop, printer)

        self._drawing = self._run(work, self._drawn, self._not_drawn)

    def _drawn(self, picture: bytes) -> None:
        self._put(picture=picture)

    def _not_drawn(self, error: Exception) -> None:
        """A setting that cannot be is told when it is saved; until then there is no picture."""
        if not isinstance(error, PosError):
            raise error
        self._put(picture=b"")

    def _rows(self) -> tuple[TableRow, ...]:
        words = kind_words()
        return tuple(
            TableRow(
                str(place),
                (
                    printer.name,
                    t("for receipts") if place == 0 else "",
                    words[printer.kind],
                ),
            )
            for place, printer in enumerate(self._printers)
        )

    def _checked(self) -> PrinterSettings | None:
        draft = self._state.draft
        printer = replace(
            draft,
            name=draft.name.strip(),
            target=draft.target.strip(),
            code_page=draft.code_page.strip(),
        )
        try:
            check_printer(printer)
        except PosError as refusal:
            name = _FIELD_BY_REFUSAL.get(type(refusal).__name__, "name")
            self._put(errors={name: sentence_of(refusal, self._amounts)})
            return None
        return printer

    def _printed(self, picture: bytes | None) -> None:
        if picture is not None:
            text = t("This is what a receipt looks like. Choose another kind to print on paper.")
        else:
            text = t("The printer took the test receipt. Look whether the paper shows it whole.")
        shown = picture or self._state.picture
        self._put(is_busy=False, result=text, result_tone=Tone.SUCCESS, picture=shown)

    def _not_printed(self, error: Exception) -> None:
        self._put(is_busy=False)
        if not isinstance(error, PosError):
            raise error
        self._put(result=sentence_of(error, self._amounts), result_tone=Tone.DANGER)

    def _searched(self, found: "list[Found]") -> None:
        self._found = found
        words = kind_words()
        rows = tuple(
            TableRow(str(place), (one.name, words[one.kind], one.target))
            for place, one in enumerate(found)
        )
        if rows:
            text = t("{count} found. Touch one to take it over.").format(count=len(rows))
        else:
            text = t(
                "No printer was found. Switch it on, check its cable, and look again; "
                "or enter its address."
            )
        tone = Tone.SUCCESS if rows else Tone.WARNING
        self._put(is_busy=False, found=rows, result=text, result_tone=tone)

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


_ON_PAPER = frozenset({"width_mm", "profile", "code_page", "columns", "cuts"})
_FIELD_BY_REFUSAL = {
    "BadPrinterTarget": "target",
    "NoSuchProfile": "profile",
    "NoSuchCodePage": "code_page",
}


def _letters() -> tuple[Choice, ...]:
    """How many letters may stand on a line."""
    counted = (Choice(str(count), str(count)) for count in line_widths())
    return (Choice("0", t("As its paper and model have it")), *counted)


def _target_words(printer: PrinterSettings) -> dict[str, Any]:
    """What the address is called and looks like for a kind of printer."""
    words = {
        PrinterKind.PREVIEW: ("", ""),
        PrinterKind.NETWORK: (t("Address"), t("such as 192.0.2.20:9100")),
        PrinterKind.USB: (t("USB number"), t("vendor and product, such as 04b8:0e15")),
        PrinterKind.SERIAL: (t("Port and speed"), t("such as /dev/ttyUSB0,19200 or COM3,9600")),
        PrinterKind.FILE: (t("Path"), t("such as /dev/usb/lp0")),
        PrinterKind.QUEUE: (t("Name"), t("as the system calls the printer")),
    }
    label, hint = words[printer.kind]
    return {
        "target_label": label,
        "target_hint": hint,
        "needs_target": printer.kind is not PrinterKind.PREVIEW,
    }
