"""Factur-X: the PDF with the e-invoice inside, read back by other people's readers."""

from datetime import date
from io import BytesIO

import facturx
import pypdf
import pypdfium2
import pytest
from lxml import etree
from pypdf.generic import DictionaryObject, IndirectObject
from reportlab.pdfgen.canvas import Canvas

from pos_app.printing.amounts import writing
from pos_app.printing.document_page import Address, Column, DocumentPage, Row, Table
from pos_app.printing.document_pdf import render_document
from pos_app.printing.e_invoice_cii import cii_xml
from pos_app.printing.e_invoice_pdf import FILE_NAME, NoOutputIntent, embed
from tests.e_invoice_rules import FACTUR_X, broken
from tests.printing.e_invoices import BUYER, DAY, SELLER, small_invoice

FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


def paper_of(name: str) -> bytes:
    return render_document(
        DocumentPage(
            language="de",
            title="Rechnung",
            number="INV2026030001",
            day=DAY,
            writing=writing("de", "DE"),
            seller=Address(name, ("Lange Straße 12", "31134 Hildesheim")),
            buyer=Address(BUYER.name, ("Markt 3", "31134 Hildesheim")),
            table=Table((Column("Artikel", grows=True),), (Row(("Rosenstrauß",)),)),
        )
    )


@pytest.fixture(scope="module")
def paper() -> bytes:
    return paper_of(SELLER.name)


@pytest.fixture(scope="module")
def file(paper: bytes) -> bytes:
    return embed(paper, cii_xml(small_invoice()), DAY)


def catalog_of(file: bytes) -> DictionaryObject:
    return pypdf.PdfReader(BytesIO(file)).root_object


def test_the_xml_comes_out_as_it_went_in_and_is_valid(file: bytes) -> None:
    attached = pypdf.PdfReader(BytesIO(file)).attachments
    assert attached == {FILE_NAME: [cii_xml(small_invoice())]}
    name, xml = facturx.get_facturx_xml_from_pdf(file)
    assert name == FILE_NAME
    assert facturx.get_level(etree.fromstring(xml)) == "en16931"
    assert broken(xml, FACTUR_X) == []


def test_the_attachment_is_an_alternative_of_the_whole_document(file: bytes) -> None:
    catalog = catalog_of(file)
    (linked,) = catalog["/AF"]
    name, filed = catalog["/Names"]["/EmbeddedFiles"]["/Names"]
    assert (name, filed.get_object()) == (FILE_NAME, linked.get_object())
    assert linked["/AFRelationship"] == "/Alternative"
    assert linked["/F"] == linked["/UF"] == FILE_NAME
    assert linked["/Desc"]
    assert isinstance(linked["/EF"].raw_get("/F"), IndirectObject)
    stream = linked["/EF"]["/F"]
    assert stream["/Subtype"] == "/text/xml"
    assert stream["/Filter"] == "/FlateDecode"
    assert stream["/Params"]["/Size"] == len(cii_xml(small_invoice()))
    assert stream["/Params"]["/ModDate"].startswith("D:20260314")


def test_the_metadata_say_pdf_a_3b_and_factur_x(file: bytes) -> None:
    stream = catalog_of(file)["/Metadata"]
    assert (stream["/Type"], stream["/Subtype"]) == ("/Metadata", "/XML")
    xmp = etree.fromstring(stream.get_data())
    assert (xmp.findtext(f".//{PDFAID}part"), xmp.findtext(f".//{PDFAID}conformance")) == ("3", "B")
    told = {one.tag.removeprefix(FX): one.text for one in xmp.iter(f"{FX}*")}
    assert told == {
        "DocumentType": "INVOICE",
        "DocumentFileName": FILE_NAME,
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    explained = [one.text for one in xmp.iter("{http://www.aiim.org/pdfa/ns/property#}name")]
    assert sorted(explained) == sorted(told)


def test_the_metadata_say_the_same_as_the_information_dictionary(file: bytes) -> None:
    told = pypdf.PdfReader(BytesIO(file))
    xmp = told.xmp_metadata
    assert xmp is not None
    assert told.metadata is not None
    assert xmp.dc_title == {"x-default": told.metadata.title}
    assert xmp.dc_creator == [told.metadata.author]
    assert xmp.pdf_producer == told.metadata.producer
    assert xmp.xmp_creator_tool == told.metadata.creator
    assert xmp.xmp_create_date.date() == told.metadata.creation_date.date() == DAY
    assert xmp.xmp_modify_date.date() == told.metadata.modification_date.date() == DAY


def test_what_pdf_a_forbids_is_not_there_and_what_it_wants_is(file: bytes) -> None:
    assert file.startswith(b"%PDF-1.7\n%")
    reader = pypdf.PdfReader(BytesIO(file))
    assert not reader.is_encrypted
    assert len(reader.trailer["/ID"]) == 2
    assert reader.root_object["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert reader.root_object["/Lang"] == "de"
    assert not {"/OpenAction", "/AA", "/JavaScript"} & set(reader.root_object)
    for number in range(1, len(reader.xref[0]) + 1):
        thing = reader.get_object(IndirectObject(number, 0, reader))
        if not isinstance(thing, DictionaryObject):
            continue
        assert "/LZWDecode" not in str(thing.get("/Filter"))
        assert thing.get("/SMask") in (None, "/None")
        if thing.get("/Type") == "/FontDescriptor":
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing)


def test_the_pages_look_as_they_did(paper: bytes, file: bytes) -> None:
    before, after = pypdfium2.PdfDocument(paper), pypdfium2.PdfDocument(file)
    assert len(before) == len(after)
    assert before[0].render().to_pil().tobytes() == after[0].render().to_pil().tobytes()


def test_the_same_input_gives_the_same_bytes(paper: bytes, file: bytes) -> None:
    assert embed(paper, cii_xml(small_invoice()), DAY) == file
    assert embed(paper, cii_xml(small_invoice()), date(2026, 3, 15)) != file


@pytest.mark.parametrize("name", ["<rdf:li>&amp;", "a\x00b\x1b", "زيت", "x" * 500, "{title}"])
def test_any_name_stays_text_in_the_metadata(name: str) -> None:
    shown = name.replace("\x00", "?").replace("\x1b", "?")
    made = embed(paper_of(name), b"<xml/>", DAY)
    xmp = pypdf.PdfReader(BytesIO(made)).xmp_metadata
    assert xmp is not None
    assert xmp.dc_creator == [shown]


def test_a_pdf_that_does_not_name_its_colours_is_refused() -> None:
    plain = BytesIO()
    canvas = Canvas(plain)
    canvas.setTitle("Rechnung 7")
    canvas.drawString(100, 100, "Rechnung")
    canvas.save()
    with pytest.raises(NoOutputIntent, match="Rechnung 7"):
        embed(plain.getvalue(), b"<xml/>", DAY)
