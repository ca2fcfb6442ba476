"""Which ways to pay a shop takes, and the rules of the value that it holds for its customers."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.payment import TenderMethod


class TerminalKind(StrEnum):
    """How the card terminal is spoken to: not at all, or over the network."""

    STANDALONE = "standalone"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class PointsSettings:
    """Loyalty points: how many for one currency unit (0: there are none), and what one is worth.

    `worth` is in currency units; 0 lets nobody pay with points.
    """

    per_unit: Decimal = Decimal(0)
    worth: Decimal = Decimal("0.01")

    @property
    def is_on(self) -> bool:
        """Whether customers collect points."""
        return self.per_unit > 0


@dataclass(frozen=True, slots=True)
class HeldValueSettings:
    """Gift cards and store credit at a till that cannot ask head office at every sale.

    `offline_allowance` is how much of one card this till lets be spent, in currency units, before
    head office has confirmed its balance (None: all that the till knows of). `accepts_unknown`
    lets cards of other tills be spent up to that allowance. `months` is how long a new card is
    good for, 0 for ever.
    """

    offline_allowance: Decimal | None = None
    accepts_unknown: bool = False
    months: int = 0


@dataclass(frozen=True, slots=True)
class TenderSettings:
    """The ways to pay behind cash and card, the card terminal, and what goes with them.

    `terminal_target` is host:port; `keeps_accounts` follows what customers owe, up to
    `credit_limit` in currency units (None: no limit).
    """

    methods: tuple[TenderMethod, ...] = (TenderMethod.BANK_TRANSFER, TenderMethod.ON_ACCOUNT)
    terminal: TerminalKind = TerminalKind.STANDALONE
    terminal_target: str = ""
    terminal_timeout_s: int = 90
    held: HeldValueSettings = field(default_factory=HeldValueSettings)
    points: PointsSettings = field(default_factory=PointsSettings)
    tips: bool = False
    keeps_accounts: bool = False
    credit_limit: Decimal | None = None

    @property
    def has_gift_cards(self) -> bool:
        """Whether gift cards are sold and taken."""
        return TenderMethod.GIFT_CARD in self.methods

    @property
    def asks_terminal(self) -> bool:
        """Whether card payments go to a terminal that the till speaks to."""
        return self.terminal is TerminalKind.NETWORK and bool(self.terminal_target)
