"""Units and taxes: few rows that nearly every product and sale needs, so kept in memory."""

from collections.abc import Sequence
from decimal import Decimal

from pos_app.domain.payloads import optional_text
from pos_app.domain.product import Unit
from pos_app.domain.tax import Tax
from pos_app.store.connection import Database, Row
from pos_app.store.state import StoreState

_TAX = "SELECT row, code, name, rate, fixed_per_unit, included, affects_next FROM taxes"
_SAVE_UNIT = (
    "INSERT INTO units VALUES (?, ?, ?) ON CONFLICT (code) DO UPDATE "
    "SET name = excluded.name, decimals = excluded.decimals"
)
_LIST_TAX = "INSERT INTO listed_taxes VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET tax = ?"


class Vocabulary:
    """The units, taxes and groups of taxes that one connection has seen."""

    def __init__(self, database: Database, state: StoreState) -> None:
        self._db = database
        self._state = state
        self.is_changed = False
        self._version = -1
        self.forget()

    def forget(self) -> None:
        """Read everything again when it is next asked for."""
        self._units: dict[str, Unit] = {}
        self._taxes: dict[int, Tax] = {}
        self._rows: dict[Tax, int] = {}
        self._groups: dict[int | None, tuple[Tax, ...]] = {None: ()}
        self._group_rows: dict[tuple[Tax, ...], int | None] = {(): None}
        self.is_changed = False

    def refresh(self) -> None:
        """Forget everything when another connection has changed a unit or tax."""
        if self._version != self._state.version:
            self.forget()
            self._version = self._state.version

    def publish(self) -> None:
        """Tell the other connections that units or taxes changed, after the commit."""
        self._state.version += 1
        self._version = self._state.version
        self.is_changed = False

    def unit(self, code: str) -> Unit:
        """Return a unit by its code."""
        if code not in self._units:
            self._units = {unit.code: unit for unit in self.units()}
        return self._units[code]

    def units(self) -> list[Unit]:
        """Return every unit."""
        rows = self._db.rows("SELECT code, name, decimals FROM units ORDER BY code")
        return [Unit(*row) for row in rows]

    def keep_unit(self, unit: Unit) -> None:
        """Make sure that a unit is there as it is given."""
        if self._units.get(unit.code) != unit:
            sql = "SELECT name, decimals FROM units WHERE code = ?"
            if self._db.row(sql, (unit.code,)) != (unit.name, unit.decimals):
                self._db.run(_SAVE_UNIT, (unit.code, unit.name, unit.decimals))
                self.is_changed = True
            self._units[unit.code] = unit

    def tax(self, row: int) -> Tax:
        """Return a tax by its row."""
        known = self._taxes.get(row)
        if known is None:
            self._load_taxes()
            known = self._taxes[row]
        return known

    def tax_row(self, tax: Tax) -> int:
        """Return the row of a tax, which is made where it is new."""
        row = self._rows.get(tax)
        if row is None:
            self._load_taxes()
            row = self._rows.get(tax)
        return self._made_tax(tax) if row is None else row

    def listed_taxes(self) -> list[Tax]:
        """Return the shop's taxes, by code."""
        rows = self._db.rows("SELECT tax FROM listed_taxes ORDER BY code")
        return [self.tax(row) for (row,) in rows]

    def save_tax(self, tax: Tax) -> None:
        """List a tax under its code; products with the tax listed there before get the new one."""
        row = self.tax_row(tax)
        before = self._db.value("SELECT tax FROM listed_taxes WHERE code = ?", (tax.code,))
        self._db.run(_LIST_TAX, (tax.code, row, row))
        if before is not None and before != row:
            self._db.run("UPDATE tax_group_members SET tax = ? WHERE tax = ?", (row, before))
            self._groups, self._group_rows = {None: ()}, {(): None}
        self.is_changed = True

    def group(self, row: int | None) -> tuple[Tax, ...]:
        """Return the taxes of a group, in order."""
        known = self._groups.get(row)
        if known is None:
            self._load_groups()
            known = self._groups[row]
        return known

    def group_row(self, taxes: tuple[Tax, ...]) -> int | None:
        """Return the group of these taxes in this order, which is made where it is new."""
        if taxes not in self._group_rows:
            self._load_groups()
        if taxes not in self._group_rows:
            self._group_rows[taxes] = self._made_group(taxes)
        return self._group_rows[taxes]

    def _made_tax(self, tax: Tax) -> int:
        row = int(
            self._db.value(
                "INSERT INTO taxes (code, name, rate, fixed_per_unit, included, affects_next) "
                "VALUES (?, ?, ?, ?, ?, ?) RETURNING row",
                (
                    tax.code,
                    tax.name,
                    optional_text(tax.rate),
                    optional_text(tax.fixed_per_unit),
                    tax.included,
                    tax.affects_next,
                ),
            )
        )
        if tax.code:
            self._db.run("INSERT OR IGNORE INTO listed_taxes VALUES (?, ?)", (tax.code, row))
        self._taxes[row], self._rows[tax] = tax, row
        self.is_changed = True
        return row

    def _made_group(self, taxes: Sequence[Tax]) -> int:
        rows = [self.tax_row(tax) for tax in taxes]
        group = int(self._db.value("INSERT INTO tax_groups DEFAULT VALUES RETURNING row"))
        members = [(group, position, row) for position, row in enumerate(rows)]
        self._db.many("INSERT INTO tax_group_members VALUES (?, ?, ?)", members)
        self._groups[group] = tuple(taxes)
        self.is_changed = True
        return group

    def _load_taxes(self) -> None:
        self._taxes = {row[0]: tax_of(row) for row in self._db.rows(_TAX)}
        self._rows = {tax: row for row, tax in self._taxes.items()}

    def _load_groups(self) -> None:
        members: dict[int, list[Tax]] = {}
        for group, tax in self._db.rows(
            "SELECT tax_group, tax FROM tax_group_members ORDER BY tax_group, position"
        ):
            members.setdefault(group, []).append(self.tax(tax))
        self._groups = {None: (), **{group: tuple(taxes) for group, taxes in members.items()}}
        self._group_rows = {taxes: group for group, taxes in self._groups.items()}


def tax_of(row: Row) -> Tax:
    """Return the tax of a row of the taxes table."""
    _, code, name, rate, fixed_per_unit, included, affects_next = row
    return Tax(
        rate=decimal_or_none(rate),
        fixed_per_unit=decimal_or_none(fixed_per_unit),
        included=None if included is None else bool(included),
        affects_next=bool(affects_next),
        name=name,
        code=code,
    )


def decimal_or_none(text: str | None) -> Decimal | None:
    """Read a Decimal that may be missing."""
    return None if text is None else Decimal(text)
