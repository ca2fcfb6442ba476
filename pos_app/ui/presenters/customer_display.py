"""What the customer sees on the second screen, made from what the cashier sees on the first."""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.shop import ShopSettings
from pos_app.texts import t
from pos_app.ui.presenters.checkout_state import CheckoutState
from pos_app.ui.views import CartRow, TotalView


class Scene(StrEnum):
    """What is going on at the till, as a customer would say."""

    IDLE = "idle"
    SELLING = "selling"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class CustomerView:
    """Everything on the customer's screen, ready to be drawn; `figure` is the largest of it.

    `details` stand beside the figure, `code` is drawn as a QR code, `image` is a file's path.
    """

    scene: Scene = Scene.IDLE
    shop: str = ""
    image: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[CartRow, ...] = ()
    newest: str = ""
    count: str = ""
    caption: str = ""
    figure: str = ""
    details: tuple[tuple[str, str], ...] = ()
    code: str = ""
    is_refund: bool = False


def customer_view(state: CheckoutState, shop: ShopSettings, code: str = "") -> CustomerView:
    """Return what to show; `code` is the receipt code of the sale that was just finished."""
    if state.is_finished:
        return _paid(state.total, shop, code if shop.receipt.shows_qr else "")
    if not state.rows:
        return idle_view(shop)
    return _selling(state, shop)


def idle_view(shop: ShopSettings) -> CustomerView:
    """Return what stands there while nothing is sold: the shop's picture, or its name."""
    return CustomerView(
        shop=shop.name, image=shop.devices.idle_image, lines=(*shop.address, *shop.receipt.header)
    )


def _selling(state: CheckoutState, shop: ShopSettings) -> CustomerView:
    total = state.total
    figures = (
        (t("Discount"), total.discount),
        (t("Total"), total.total if total.remaining else ""),
        (t("Paid"), total.paid),
    )
    return CustomerView(
        scene=Scene.SELLING,
        shop=shop.name,
        rows=state.rows,
        newest=state.selected,
        count=total.count,
        caption=_caption(total),
        figure=total.remaining or total.total,
        details=_named(figures),
        is_refund=total.is_refund,
    )


def _paid(total: TotalView, shop: ShopSettings, code: str) -> CustomerView:
    figures = (
        (t("Total"), total.total if total.paid else ""),
        (t("Paid"), total.paid),
        (t("Rounding"), total.rounding),
    )
    return CustomerView(
        scene=Scene.PAID,
        shop=shop.name,
        lines=shop.receipt.footer,
        count=total.count,
        caption=_caption(total),
        figure=total.change or total.total,
        details=_named(figures),
        code=code,
        is_refund=total.is_refund,
    )


def _caption(total: TotalView) -> str:
    if total.caption:
        return total.caption
    if total.remaining:
        return t("Still to pay")
    return t("Refund") if total.is_refund else t("Total")


def _named(figures: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, figure) for name, figure in figures if figure)
