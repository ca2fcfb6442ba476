"""QR codes as pictures for a web page."""

import io

import segno


def qr_svg(words: str) -> str:
    """Return a QR code (ISO/IEC 18004, error correction M) as an SVG element."""
    drawn = io.BytesIO()
    segno.make(words, error="m", micro=False).save(drawn, kind="svg", scale=4, xmldecl=False)
    return drawn.getvalue().decode()


def qr_data(words: str) -> str:
    """Return a QR code as an address that holds its picture: dark on white in any dress."""
    return segno.make(words, error="m", micro=False).svg_data_uri(scale=4, border=3, light="#fff")
