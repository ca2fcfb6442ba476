"""Factur-X: the e-invoice put into its PDF, which becomes a PDF/A-3b (ISO 19005-3).

The PDF must come with its fonts embedded and an output intent, as `document_pdf` makes it. Written
anew here are the attachment, its place in the catalogue and the XMP packet that tells readers of
it (Factur-X 1.0, chapter 6). No time and no chance go in: same input, same bytes.
"""

import hashlib
import zlib
from datetime import UTC, date, datetime, time
from html import escape
from io import BytesIO
from typing import cast

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from pos_app.domain.errors import PosError
from pos_app.printing.e_invoice_xml import clean

FILE_NAME = "factur-x.xml"
_PROGRAM = "pos_app"


class NoOutputIntent(PosError):
    """A PDF that does not say what its colours are; PDF/A wants it."""

    sentence = "{title} does not name its colours, so no e-invoice fits into the file."


def embed(pdf: bytes, xml: bytes, day: date) -> bytes:
    """Return the PDF with the XML inside, both dated `day`; raises NoOutputIntent.

    Title, author and language stay as the PDF has them.
    """
    writer = PdfWriter(clone_from=BytesIO(pdf))
    told = writer.metadata
    title = (told and told.title) or ""
    author = (told and told.author) or ""
    catalog = writer.root_object
    if "/OutputIntents" not in catalog:
        raise NoOutputIntent(title=title)
    _attach(writer, xml, day)
    stamp = TextStringObject(f"D:{day:%Y%m%d}000000+00'00'")
    writer.metadata = {
        "/Title": title,
        "/Author": author,
        "/Subject": title,
        "/Creator": _PROGRAM,
        "/Producer": _PROGRAM,
        "/CreationDate": stamp,
        "/ModDate": stamp,
    }
    writer.xmp_metadata = _xmp(title, author, day).encode("utf-8")
    _as_dictionary(catalog["/Metadata"]).update(
        {NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")}
    )
    writer.pdf_header = "%PDF-1.7"
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _attach(writer: PdfWriter, xml: bytes, day: date) -> None:
    attached = writer.add_attachment(FILE_NAME, zlib.compress(xml, 9))
    attached.subtype = NameObject("/text/xml")
    attached.description = TextStringObject("Factur-X e-invoice")
    # The XML says the same as the pages, in another way (PDF/A-3, annex E).
    attached.associated_file_relationship = NameObject("/Alternative")
    attached.alternative_name = TextStringObject(FILE_NAME)
    attached.size = NumberObject(len(xml))
    # What the standard asks for; it protects from accidents, not from anybody.
    checksum = hashlib.md5(xml, usedforsecurity=False)
    attached.checksum = ByteStringObject(checksum.digest())
    attached.modification_date = datetime.combine(day, time(), UTC)
    catalog = writer.root_object
    named = _as_dictionary(_as_dictionary(catalog["/Names"])["/EmbeddedFiles"])
    reference = cast("ArrayObject", named["/Names"])[-1]
    files = _as_dictionary(_as_dictionary(reference)["/EF"])
    files[NameObject("/UF")] = files.raw_get("/F")
    _as_dictionary(files["/F"])[NameObject("/Filter")] = NameObject("/FlateDecode")
    catalog[NameObject("/AF")] = ArrayObject([reference])


def _as_dictionary(thing: object) -> DictionaryObject:
    return cast("DictionaryObject", cast("DictionaryObject", thing).get_object())


def _xmp(title: str, author: str, day: date) -> str:
    when = f"{day.isoformat()}T00:00:00+00:00"
    return _PACKET.format(
        title=escape(clean(title)),
        author=escape(clean(author)),
        program=_PROGRAM,
        when=when,
        file=FILE_NAME,
        properties="".join(
            _PROPERTY.format(name=name, words=words) for name, words in _PROPERTIES.items()
        ),
    )


_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters",
    "Version": "The version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}
_PROPERTY = """
      <rdf:li rdf:parseType="Resource">
       <pdfaProperty:name>{name}</pdfaProperty:name>
       <pdfaProperty:valueType>Text</pdfaProperty:valueType>
       <pdfaProperty:category>external</pdfaProperty:category>
       <pdfaProperty:description>{words}</pdfaProperty:description>
      </rdf:li>"""
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:description>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{program}</pdf:Producer>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreatorTool>{program}</xmp:CreatorTool>
   <xmp:CreateDate>{when}</xmp:CreateDate>
   <xmp:ModifyDate>{when}</xmp:ModifyDate>
  </rdf:Description>
  <rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\
</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>fx</pdfaSchema:prefix>
    <pdfaSchema:property>
     <rdf:Seq>{properties}
     </rdf:Seq>
    </pdfaSchema:property>
   </rdf:li></rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
  <rdf:Description rdf:about=""
    xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
   <fx:DocumentType>INVOICE</fx:DocumentType>
   <fx:DocumentFileName>{file}</fx:DocumentFileName>
   <fx:Version>1.0</fx:Version>
   <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
