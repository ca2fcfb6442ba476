"""Kitchen and pick-up slips in the settings: the list, one slip's fields, and how it looks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pos_app.domain.errors import PosError
from pos_app.domain.kitchen import MOST_COPIES, KitchenRoute
from pos_app.services.printer_setup import slip_picture
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.views import TableRow, Tone

if TYPE_CHECKING:
    from pos_app.store.store import Store

SaveRoutes = Callable[[tuple[KitchenRoute, ...]], str]

_BLANK = KitchenRoute("", "")


@dataclass(frozen=True, slots=True)
class KitchenState:
    """Everything on the card; `place` -1 is a slip that is not on the list yet."""

    rows: tuple[TableRow, ...] = ()
    place: int = -1
    draft: KitchenRoute = _BLANK
    is_editing: bool = False
    is_changed: bool = False
    printers: tuple[Choice, ...] = ()
    categories: tuple[Choice, ...] = ()
    copies: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    result: str = ""
    result_tone: Tone = Tone.PLAIN
    picture: bytes = b""


class KitchenPresenter:
    """Edits one slip at a time."""

    def __init__(
        self,
        store: "Store",
        save: SaveRoutes,
        run: RunWork,
        on_state: Callable[[KitchenState], None],
        now: Callable[[], datetime],
        draw: Callable[..., bytes] = slip_picture,
    ) -> None:
        self._store = store
        self._save = save
        self._run = run
        self._on_state = on_state
        self._now = now
        self._draw = draw
        self._drawing: Stoppable | None = None
        self._state = KitchenState()
        self.refresh()

    @property
    def state(self) -> KitchenState:
        """What the card shows now."""
        return self._state

    def refresh(self) -> None:
        """Read the list, the printers and the categories anew; nothing is open then."""
        shop = self._store.settings.shop()
        self._routes = shop.kitchen
        categories = self._store.products.categories()
        names = {category.id: category.name for category in categories}
        copies = (Choice(str(count), str(count)) for count in range(1, MOST_COPIES + 1))
        self._put(
            rows=tuple(
                TableRow(str(place), (route.title, _names(route, names), route.printer))
                for place, route in enumerate(self._routes)
            ),
            place=-1,
            draft=_BLANK,
            is_editing=False,
            is_changed=False,
            printers=tuple(Choice(one.name, one.name) for one in shop.printers),
            categories=tuple(Choice(one.id, one.name, one.colour) for one in categories),
            copies=tuple(copies),
            errors={},
            picture=b"",
        )

    def choose(self, place: int) -> None:
        """Show a slip of the list."""
        self._open(place, self._routes[place])

    def add(self) -> None:
        """Begin a new slip, on the printer that is not for receipts where there is one."""
        shop = self._store.settings.shop()
        names = [printer.name for printer in shop.printers]
        printer = names[1] if len(names) > 1 else next(iter(names), "")
        self._open(-1, KitchenRoute(t("Kitchen"), printer, prints_when_parked=True))

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the slip."""
        draft = replace(self._state.draft, **values)
        errors = {name: error for name, error in self._state.errors.items() if name not in values}
        self._put(draft=draft, errors=errors, is_changed=True, result="")
        self._follow()

    def tick(self, category: str, is_ticked: bool) -> None:
        """Let a category's goods stand on the slip, or not."""
        others = tuple(one for one in self._state.draft.categories if one != category)
        self.change(categories=(*others, category) if is_ticked else others)

    def save(self) -> bool:
        """Keep the slip; on a refusal the error stands under its field."""
        route = replace(self._state.draft, title=" ".join(self._state.draft.title.split()))
        errors = _errors(route)
        if errors:
            self._put(errors=errors)
            return False
        routes = list(self._routes)
        if 0 <= self._state.place < len(routes):
            routes[self._state.place] = route
        else:
            routes.append(route)
        return self._keep(
            tuple(routes), t("The slip {title} is saved.").format(title=isolated(route.title))
        )

    def remove(self) -> None:
        """Take the slip off the list."""
        place = self._state.place
        rest = (*self._routes[:place], *self._routes[place + 1 :]) if place >= 0 else self._routes
        self._keep(rest, "")

    def _keep(self, routes: tuple[KitchenRoute, ...], told: str) -> bool:
        problem = self._save(routes)
        if problem:
            self._put(result=problem, result_tone=Tone.DANGER)
            return False
        self.refresh()
        self._put(result=told, result_tone=Tone.SUCCESS)
        return True

    def _open(self, place: int, draft: KitchenRoute) -> None:
        self._put(
            place=place,
            draft=draft,
            is_editing=True,
            is_changed=place < 0,
            errors={},
            result="",
        )
        self._follow()

    def _follow(self) -> None:
        """Draw the slip as its printer would, with goods of its categories."""
        if self._drawing is not None:
            self._drawing.cancel()
        draft, at = self._state.draft, self._now()
        shop = self._store.settings.shop()
        printer = next((one for one in shop.printers if one.name == draft.printer), None)
        chosen = [one.key for one in self._state.categories if one.key in draft.categories]
        if printer is None:
            self._put(picture=b"")
            return

        def work(working: Working) -> bytes:
            goods = [
                one.name for key in chosen[:3] for one in self._store.products.tiles(key, limit=1)
            ]
            working.stop_if_cancelled()
            return self._draw(shop, printer, draft, goods, at)

        self._drawing = self._run(work, self._drawn, self._not_drawn)

    def _drawn(self, picture: bytes) -> None:
        if self._state.is_editing:
            self._put(picture=picture)

    def _not_drawn(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._put(picture=b"")

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def _errors(route: KitchenRoute) -> dict[str, str]:
    errors = {}
    if not route.title:
        errors["title"] = t("Give the slip a name, such as Kitchen or Bar.")
    if not route.printer:
        errors["printer"] = t("Choose the printer it comes out of.")
    if not route.categories:
        errors["categories"] = t("Tick at least one group of products.")
    return errors


def _names(route: KitchenRoute, names: dict[str, str]) -> str:
    return ", ".join(names[one] for one in route.categories if one in names)
