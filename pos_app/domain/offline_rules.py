"""How far a till may go with value that head office keeps, while it cannot ask head office."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.domain.errors import PosError

HOURS_MOST = 8_760  # a year


class OfflineCreditReached(PosError):
    """A customer would owe more than a till may grant that has not heard of head office."""

    sentence = (
        "Head office has not been reached for {hours} hours, and until it is {name} may only buy "
        "for {left} more on account here. Take the rest in another way."
    )


class OfflineRuleWrong(PosError):
    """A figure that makes no sense."""

    sentence = (
        "A till can be told to go by itself after 1 to {most} hours, with amounts of 0 or more. "
        "Correct these figures at head office."
    )


@dataclass(frozen=True, slots=True)
class OfflineRules:
    """What counts when head office was last reached more than `after_h` hours ago.

    Of each gift card or store credit at most `card_minor` is taken, and each customer may buy for
    `credit_minor` on account, in minor units of the shop's currency and in sum since head office
    last confirmed the balance. None: no other limit than usual.
    """

    after_h: int = 24
    card_minor: int | None = None
    credit_minor: int | None = None

    @property
    def limits_anything(self) -> bool:
        """Whether the rules say anything at all."""
        return self.card_minor is not None or self.credit_minor is not None


def check_rules(rules: OfflineRules) -> None:
    """Refuse rules that make no sense; raises OfflineRuleWrong."""
    amounts = (rules.card_minor or 0, rules.credit_minor or 0)
    if not 1 <= rules.after_h <= HOURS_MOST or min(amounts) < 0:
        raise OfflineRuleWrong(most=HOURS_MOST)


def is_out_of_touch(rules: OfflineRules, last_contact: datetime | None, now: datetime) -> bool:
    """Whether head office was last reached too long ago; never reached is too long, too."""
    return last_contact is None or now - last_contact > timedelta(hours=rules.after_h)
