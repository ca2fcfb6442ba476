"""Writing XML that any reader takes: clean text, no empty elements, plain decimals, same bytes."""

import re
from collections.abc import Mapping
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Node

from pos_app.domain.iban import compact
from pos_app.domain.money import Money
from pos_app.printing.e_invoice import MAIL, EInvoice, EInvoiceRules, EParty
from pos_app.printing.e_invoice_codes import peppol_address

__all__ = [
    "Node",
    "XmlWriter",
    "amount",
    "clean",
    "endpoint_of",
    "has_text",
    "plain",
    "terms_of",
    "vat_id",
]


_EARLY = re.compile(r"#SKONTO#TAGE=\d+#PROZENT=\d+\.\d\d#(BASISBETRAG=-?\d+\.\d\d#)?", re.ASCII)


class XmlWriter:
    """Adds elements named prefix:name below others; texts that are empty are left out."""

    def __init__(self, spaces: Mapping[str | None, str], root: str) -> None:
        self._spaces = dict(spaces)
        self.root: Node = etree.Element(self._name(root), nsmap=self._spaces)

    def node(self, parent: Node, name: str) -> Node:
        """Add an element for others to stand in."""
        return etree.SubElement(parent, self._name(name))

    def text(self, parent: Node, name: str, text: str, /, **attributes: str) -> None:
        """Add an element with text; nothing where the text is empty."""
        cleaned = clean(text)
        if cleaned:
            element = etree.SubElement(parent, self._name(name), attributes)
            element.text = cleaned

    def passage(self, parent: Node, name: str, text: str) -> None:
        """Add an element with text whose last line ends like the others."""
        if clean(text):
            self.node(parent, name).text = f"{clean(text)}\n"

    def under(self, parent: Node, outer: str, name: str, text: str, /, **attributes: str) -> None:
        """Add an element with text inside one of its own; neither where the text is empty."""
        if clean(text):
            self.text(self.node(parent, outer), name, text, **attributes)

    def path(self, parent: Node, *names: str) -> Node:
        """Add elements one in the other and return the innermost."""
        for name in names:
            parent = self.node(parent, name)
        return parent

    def bytes(self) -> bytes:
        """Return the document, the same for the same input."""
        written: bytes = etree.tostring(
            self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
        return written

    def _name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self._spaces[prefix or None]}}}{local}"


def clean(text: str) -> str:
    """Return `text` without what XML 1.0 cannot hold (section 2.2) and without outer space."""
    return "".join(letter for letter in text if _is_letter(letter)).strip()


def has_text(*texts: str) -> bool:
    """Whether any of the texts would be written."""
    return any(clean(text) for text in texts)


def plain(number: Decimal) -> str:
    """Write a number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(money: Money) -> str:
    """Write an amount with its currency's places."""
    return f"{money.amount:f}"


def terms_of(invoice: EInvoice) -> str:
    """Return the payment terms (BT-20) as XRechnung reads them (BR-DE-18).

    Lines that begin with # are a discount for paying early, so no others may.
    """
    lines = [line.strip() for line in clean(invoice.terms).splitlines()]
    kept = [line if _EARLY.fullmatch(line) else line.lstrip("# ") for line in lines]
    if invoice.early is not None:
        kept.append(f"#SKONTO#TAGE={invoice.early.days}#PROZENT={invoice.early.percent:.2f}#")
    return "\n".join(kept)


def vat_id(invoice: EInvoice, party: EParty) -> str:
    """Return a party's VAT number without spaces; none where the invoice is outside VAT."""
    return "" if invoice.is_outside_vat else compact(party.vat_id)


def endpoint_of(party: EParty, rules: EInvoiceRules) -> tuple[str, str]:
    """Return scheme and number of where invoices reach a party; Peppol finds it by its VAT number.

    Empty where nothing is known.
    """
    if rules is EInvoiceRules.PEPPOL and party.endpoint_scheme == MAIL:
        return peppol_address(party.vat_id)
    return (party.endpoint_scheme, party.endpoint) if has_text(party.endpoint) else ("", "")


def _is_letter(letter: str) -> bool:
    return (
        letter in "\t\n\r"
        or " " <= letter <= "\ud7ff"
        or "\ue000" <= letter <= "\ufffd"
        or letter > "\uffff"
    )
