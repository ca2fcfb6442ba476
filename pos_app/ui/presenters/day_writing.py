"""How the day screen writes: amounts in the review's currency, days short, shares in percent."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pos_app.domain.day_periods import Comparison
from pos_app.domain.money import Money
from pos_app.domain.report_period import Grain, ReportPeriod
from pos_app.domain.shop import ShopSettings
from pos_app.services.time_zones import shop_zone
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat, amount_format
from pos_app.ui.presenters.receipt_words import day_words
from pos_app.ui.presenters.refusals import in_one_piece, isolated
from pos_app.ui.presenters.reports_words import DayWords

if TYPE_CHECKING:
    from pos_app.domain.day_review import DayReview


@dataclass(frozen=True, slots=True)
class DayWriting:
    """Writes one review for one shop on one day; amounts are in the review's currency."""

    shop: ShopSettings
    currency: str
    today: date

    @property
    def amounts(self) -> AmountFormat:
        """The format of the review's currency."""
        policy = replace(self.shop.policy, currency=self.currency, step=None)
        return amount_format(replace(self.shop, policy=policy))

    @property
    def days(self) -> DayWords:
        """The words for days."""
        return DayWords(self.shop)

    def minor(self, amount: int) -> str:
        """Write minor units of the review's currency."""
        return self.amounts.money(Money(amount, self.currency))

    def plain(self, amount: int) -> str:
        """Write minor units of the review's currency without its sign."""
        return self.amounts.plain(Money(amount, self.currency))

    def money(self, amount: Money) -> str:
        """Write an amount of any currency."""
        if amount.currency == self.currency:
            return self.minor(amount.minor)
        return DayWriting(self.shop, amount.currency, self.today).minor(amount.minor)

    def count(self, number: int) -> str:
        """Write how many, below zero too."""
        written = self.amounts.count(abs(number))
        return f"\u2212{written}" if number < 0 else written

    def number(self, number: Decimal) -> str:
        """Write a quantity without trailing zeros."""
        return self.amounts.number(number)

    def percent(self, percent: Decimal) -> str:
        """Write a share."""
        return self.amounts.percent(percent)

    def period(self, period: ReportPeriod) -> str:
        """Write a period: a day with its weekday, or its first and last day."""
        if period.days == 1:
            return self.days.with_weekday(period.start)
        first, last = (day_words(day, self.shop) for day in (period.start, period.end))
        return f"{in_one_piece(first)} – {in_one_piece(last)}"

    def against(self, review: "DayReview", comparison: Comparison) -> str:
        """Name in a word or two what a review is compared with."""
        before = review.before.period
        if comparison is Comparison.SAME_WEEKDAYS and review.period.end == self.today:
            if review.period.days == 1 or review.period.days <= 7:
                return t("last week")
            return t("same weekdays before")
        if comparison is Comparison.LAST_YEAR:
            return t("last year")
        if before.days == 1:
            return isolated(self.days.short_with_weekday(before.start))
        return {
            Comparison.PERIOD_BEFORE: t("period before"),
            Comparison.SAME_WEEKDAYS: t("same weekdays before"),
        }.get(comparison, t("other days"))

    def local(self, at: datetime) -> datetime:
        """Return a moment by the shop's clock."""
        return at.astimezone(shop_zone(self.shop.time_zone))

    def clock(self, at: datetime) -> str:
        """Write the time of a moment by the shop's clock."""
        return f"{self.local(at):%H:%M}"

    def moment(self, at: datetime, among: ReportPeriod) -> str:
        """Write a moment: the time alone where a single day is looked at, else short."""
        local = self.local(at)
        if among.days == 1 and local.date() == among.start:
            return f"{local:%H:%M}"
        return isolated(f"{self.days.short(local.date(), Grain.DAY)} {local:%H:%M}")
