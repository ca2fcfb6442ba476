"""Goods weighed at the till: the scale is asked elsewhere, and the line follows its weight.

A weight that is there at once makes no fuss. Where it takes longer, or does not come, a sheet says
why; the weight can be typed there, and other goods can be scanned meanwhile. Nothing is sold by a
weight that nobody knows: until it has come the goods are not in the cart, and payment waits.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pos_app.domain.cart import CartLine
from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError
from pos_app.domain.money import minor_digits
from pos_app.domain.product import KILOGRAM, Unit
from pos_app.services.scanning import changed_lines
from pos_app.texts import t
from pos_app.ui.presenters import number_buffer as buffer
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.checkout_rows import name_of
from pos_app.ui.presenters.checkout_state import SheetKind, SheetView
from pos_app.ui.presenters.refusals import isolated, sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from pos_app.ui.views import Notice, Severity

SCALE = "scale"
log = logging.getLogger(__name__)


class StillToWeigh(PosError):
    """Somebody wants to pay while goods wait for their weight."""

    sentence = "{name} is still to be weighed. Type its weight, or press Esc to leave it out."


class Weigh(Protocol):
    """Asks the scale; it takes a moment. Raises a refusal that says what to do."""

    def __call__(
        self, devices: DeviceSettings, unit: Unit, price_minor: int, *, waiting: Working
    ) -> Decimal:
        """Return the weight at rest in `unit`."""


@dataclass(frozen=True, slots=True)
class _Goods:
    """What waits for its weight, and the cart it is for."""

    product_id: str
    name: str
    unit: Unit
    price_minor: int
    cart_id: str


class Weighing:
    """Owns the sheet of goods that wait for their weight; `on_added` gets the line they become."""

    def __init__(self, sale: SaleOnScreen, on_added: Callable[[CartLine], None]) -> None:
        self.sale = sale
        self._on_added = on_added
        self._run: RunWork | None = None
        self._weigh: Weigh | None = None
        self._goods: _Goods | None = None
        self._job: Stoppable | None = None
        self._serial = 0
        sale.before_paying = self._check_weighed
        sale.on_escape = self._escaped

    def connect(self, run: RunWork, weigh: Weigh) -> None:
        """Let `run` ask the scale with `weigh` from now on."""
        self._run, self._weigh = run, weigh

    def takes(self, product_id: str) -> bool:
        """Begin to weigh a product; False where there is no scale, or it is not sold by weight."""
        sale = self.sale
        if self._run is None or not sale.shop.devices.scale_target:
            return False
        bigger = sale.checkout.add(sale.cart, product_id)
        line = bigger.line(changed_lines(sale.cart, bigger)[-1])
        if not is_weighable(line.unit):
            return False
        self._leave_out()
        price = line.unit_price if line.unit == KILOGRAM else None
        digits = minor_digits(sale.cart.policy.currency)
        minor = int((price or Decimal(0)).scaleb(digits))
        self._goods = _Goods(product_id, name_of(line), line.unit, minor, sale.cart.id)
        self._ask()
        return True

    # --- the sheet's owner

    def choose(self, key: str) -> None:
        """Nothing can be chosen."""

    def enter(self, text: str) -> None:
        """Take the weight that was typed, or ask the scale again."""
        goods = self._goods
        if goods is None:
            self.sale.close()
        elif text:
            self._add(goods, buffer.number_of(text))
        elif self._job is None:
            self._open_sheet(_waits_for_scale())
            self._ask()

    def follow(self, text: str) -> None:
        """Whoever begins to type the weight has given the scale up."""
        if text:
            self._forget_job()

    def scan(self, code: str) -> bool:
        """Leave codes to the sale; the sheet stays."""
        return False

    # --- what the scale says

    def _ask(self) -> None:
        goods, run, weigh = self._goods, self._run, self._weigh
        if goods is None or run is None or weigh is None:
            return
        self._forget_job()
        serial, devices = self._serial, self.sale.shop.devices

        def work(working: Working) -> Decimal:
            return weigh(devices, goods.unit, goods.price_minor, waiting=working)

        job = run(
            work,
            lambda weight: self._in_time(serial, lambda: self._came(goods, weight)),
            lambda error: self._in_time(serial, lambda: self._failed(goods, error)),
            lambda _done, _total: self._in_time(serial, self._waits),
        )
        if serial == self._serial:
            self._job = job

    def _in_time(self, serial: int, act: Callable[[], None]) -> None:
        """Act on what the scale said, unless nobody waits for it any more."""
        if serial != self._serial:
            return
        goods = self._goods
        if goods is None or goods.cart_id != self.sale.cart.id:
            self._leave_out()
        else:
            act()
        self.sale.show()

    def _came(self, goods: _Goods, weight: Decimal) -> None:
        self._forget_job()
        try:
            self._add(goods, weight)
        except PosError as refusal:
            self._explain(goods, sentence_of(refusal, self.sale.amounts))

    def _failed(self, goods: _Goods, error: Exception) -> None:
        self._forget_job()
        if isinstance(error, PosError):
            self._explain(goods, sentence_of(error, self.sale.amounts))
        else:
            log.error("weighing failed", exc_info=error)
            self._explain(goods, t("The scale could not be read. Type the weight."))

    def _waits(self) -> None:
        """It takes longer than a moment: say what it waits for."""
        if self.sale.owner is not self and not self._is_busy():
            self._open_sheet(_waits_for_scale())

    def _explain(self, goods: _Goods, sentence: str) -> None:
        """Say on the sheet why there is no weight, or beside what the cashier is busy with."""
        if self.sale.owner is self or not self._is_busy():
            self._open_sheet(sentence)
            self.sale.notices.alarms += 1
        else:
            self._leave_out()

    # --- the goods

    def _add(self, goods: _Goods, weight: Decimal) -> None:
        sale = self.sale
        bigger = sale.checkout.add(sale.cart, goods.product_id, weight)
        self._settle()
        typed, selected, is_busy = sale.figures, sale.selected, self._is_busy()
        sale.put(bigger)
        if is_busy:  # what is being typed is for another line, or for another sheet
            sale.figures, sale.selected = typed, selected
        else:
            self._on_added(sale.line)

    def _settle(self) -> None:
        self._forget_job()
        self._goods = None
        if self.sale.owner is self:
            self.sale.close()

    def _leave_out(self) -> None:
        """Give goods up that nobody has weighed, and say so."""
        goods = self._goods
        if goods is None:
            return
        self._settle()
        told = t("{name} was not weighed, so it is not in the cart.")
        text = told.format(name=isolated(goods.name))
        self.sale.notices.put(Notice(SCALE, Severity.MARK, text))

    def _escaped(self) -> None:
        if self.sale.owner is self:
            self._forget_job()
            self._goods = None

    def _check_weighed(self) -> None:
        goods = self._goods
        if goods is None:
            return
        if goods.cart_id != self.sale.cart.id:
            self._leave_out()
            return
        if self.sale.owner is not self:
            self._open_sheet(_waits_for_scale() if self._job is not None else "")
        raise StillToWeigh(name=isolated(goods.name))

    def _is_busy(self) -> bool:
        """Whether the entry line or a sheet is in use for something else."""
        sale = self.sale
        return bool(sale.figures.text or sale.figures.prompt or sale.sheet.kind)

    def _open_sheet(self, about: str) -> None:
        goods = self._goods
        if goods is None:
            return
        name = isolated(goods.name)
        self.sale.open(
            SheetView(
                kind=SheetKind.ASK,
                title=t("Weigh {name}").format(name=name),
                about=about or t("Type the weight, or ask the scale again."),
                asks=t("Weight in {unit}").format(unit=goods.unit.code),
                hint=t("Type it and press Enter"),
                confirm=t("Weigh again"),
            ),
            self,
        )

    def _forget_job(self) -> None:
        self._serial += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None


def is_weighable(unit: Unit) -> bool:
    """Tell whether goods of this unit are weighed at the till."""
    from pos_app.services.scales.weight import is_mass  # noqa: PLC0415 - few shops have a scale

    return is_mass(unit)


def _waits_for_scale() -> str:
    return t("Put it on the scale: the weight is taken when it rests. Or type the weight.")
