"""Draws the manager's day on paper: the slip and the page, in English, German and Arabic.

Run as `python tests/ui/shots_day_papers.py --out screenshots`.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pos_app.domain.shop import PrinterSettings, ScreenSettings
from pos_app.printing.day_pdf import render_day
from pos_app.printing.day_slip import day_slip
from pos_app.printing.escpos_job import write_job
from pos_app.printing.preview import receipt_image
from tests import days
from tests.printing import sales
from tests.printing.papers import picture

SHOPS = {"en": sales.ENGLISH, "de": sales.GERMAN, "ar": sales.ARABIC}
REVIEWS = {"day": days.ordinary(), "month": days.month(), "enormous": days.enormous()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for language, known in SHOPS.items():
        shop = replace(known, screen=ScreenSettings(language=language))
        for name, review in REVIEWS.items():
            picture(render_day(review, shop)).save(folder / f"{name}-page-{language}.png")
            for width in (58, 80):
                printer = PrinterSettings(width_mm=width)
                slip = receipt_image(write_job(day_slip(review, shop), printer), printer)
                (folder / f"{name}-slip-{width}-{language}.png").write_bytes(slip)
    return 0


if __name__ == "__main__":
    sys.exit(main())
