"""What the cashier hears of a display: once when it goes, once when it is back; selling goes on."""

from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen
from pos_app.ui.views import Notice, Severity

POLE = "pole"


def say_gone(sale: SaleOnScreen, refusal: PosError) -> None:
    """Hang up that the display is gone; it stays until somebody closes it or it is back."""
    text = sentence_of(refusal, sale.amounts)
    sale.notices.put(Notice(POLE, Severity.BAR, text, t("Customer display")))
    sale.show()


def say_back(sale: SaleOnScreen) -> None:
    """Take that down, and say that it works again."""
    sale.notices.take_down(POLE)
    sale.notices.tell(t("The customer display works again."))
    sale.show()
