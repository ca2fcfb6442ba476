"""Another cashier at the same till: the sale of the one before is put aside, and comes back."""

from dataclasses import replace

from pos_app.domain.staff import StaffMember
from pos_app.services.sign_in import SignIn
from pos_app.texts import t
from pos_app.ui.presenters import checkout_words as words
from pos_app.ui.presenters.refusals import isolated
from pos_app.ui.presenters.sale_on_screen import SaleOnScreen, gesture


class CashierChange:
    """Takes the checkout over from one cashier to the next."""

    def __init__(self, sale: SaleOnScreen, sign_in: SignIn) -> None:
        self.sale = sale
        self._sign_in = sign_in

    @property
    def is_paying(self) -> bool:
        """Whether money was taken for the sale on the screen: then nobody else takes over."""
        return bool(self.sale.cart.taken) and self.sale.finished is None

    @gesture
    def refuse_while_paying(self) -> None:
        """Say why nobody else can take over now."""
        raise words.PaymentsTaken()

    @gesture
    def take_over(self, member: StaffMember, before: StaffMember | None) -> None:
        """Let `member` sell; what `before` had on the screen is parked for them."""
        sale = self.sale
        if before is not None and before.id != member.id:
            self._put_aside(before)
        sale.checkout.staff = member.code
        sale.shelf = replace(sale.shelf, staff=member.name)
        self._bring_back(member)
        sale.count_parked()

    def _put_aside(self, before: StaffMember) -> None:
        sale = self.sale
        sale.close()
        if sale.finished is not None or sale.cart.is_empty or sale.cart.taken:
            return
        cart = sale.cart
        sale.checkout.park(cart, before.name)
        self._sign_in.set_aside(before.id, cart.id)
        sale.begin()
        name = isolated(before.name)
        sale.notices.tell(t("The sale of {name} is parked.").format(name=name))

    def _bring_back(self, member: StaffMember) -> None:
        """Show again the sale that was put aside for this member, if the screen is free."""
        sale = self.sale
        if sale.finished is not None or not sale.cart.is_empty:
            return
        cart_id = self._sign_in.aside(member)
        if cart_id:
            sale.begin(sale.checkout.recall(cart_id))
            sale.notices.tell(t("Your sale is back on the screen."))
            return
        own = [one for one in sale.checkout.parked() if one.staff == member.code]
        if own:
            told = t("{count} of the parked sales are yours. Press F8 to recall.")
            sale.notices.tell(told.format(count=len(own)))
