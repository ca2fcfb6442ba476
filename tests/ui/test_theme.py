"""Colours that everybody can read, fonts that load only when needed, targets a finger can hit."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.assets import resource
from pos_app.ui import fonts, icons, theme
from pos_app.ui.style_sheet import Theme, style_sheet

TEXT_PAIRS = (
    ("text", "surface"),
    ("text", "ground"),
    ("text", "raised"),
    ("text", "primary_soft"),
    ("text2", "surface"),
    ("text2", "ground"),
    ("text2", "primary_soft"),
    ("primary", "surface"),
    ("primary", "primary_soft"),
    ("on_primary", "primary"),
    ("success", "surface"),
    ("success", "primary_soft"),
    ("success", "success_soft"),
    ("on_success", "success"),
    ("danger", "surface"),
    ("danger", "primary_soft"),
    ("danger", "danger_soft"),
    ("on_danger", "danger"),
    ("warning_text", "warning_ground"),
    ("warning_text", "surface"),
)
EDGE_PAIRS = (
    ("input_edge", "surface"),
    ("input_edge", "ground"),
    ("primary", "ground"),
    ("primary", "raised"),
)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


THEMES = list(theme.THEMES.values())


@pytest.mark.parametrize("dress", THEMES, ids=lambda dress: dress.name)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_stand_out_from_their_ground(dress: Theme, ink: str, ground: str) -> None:
    assert contrast(getattr(dress, ink), getattr(dress, ground)) >= 4.5


@pytest.mark.parametrize("dress", THEMES, ids=lambda dress: dress.name)
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_and_focus_rings_can_be_seen(dress: Theme, edge: str, ground: str) -> None:
    assert contrast(getattr(dress, edge), getattr(dress, ground)) >= 3


def test_the_published_ratios_hold() -> None:
    light, dark = theme.LIGHT, theme.DARK
    published = (
        (light.text, light.surface, 17.8),
        (light.text2, light.surface, 7.7),
        (light.primary, light.surface, 6.6),
        (light.success, light.surface, 5.9),
        (light.danger, light.surface, 6.5),
        (light.warning_text, light.warning_ground, 7.4),
        (dark.text, dark.surface, 15.0),
        (dark.primary, dark.surface, 7.9),
        (dark.warning_text, dark.warning_ground, 9.9),
    )
    for ink, ground, ratio in published:
        assert contrast(ink, ground) == pytest.approx(ratio, abs=0.1)


@pytest.mark.parametrize("dress", THEMES, ids=lambda dress: dress.name)
def test_qt_understands_the_whole_style_sheet(
    qtbot: QtBot, qapp: QApplication, dress: Theme
) -> None:
    theme.apply_theme(qapp, dress)
    page = QWidget()
    qtbot.addWidget(page)
    for make in (QLabel, QPushButton):
        make("words", page)
    page.grab()
    assert theme.current() is dress
    assert style_sheet(dress).count("{") == style_sheet(dress).count("}")
    theme.apply_theme(qapp, theme.LIGHT)


def test_all_digits_are_equally_wide_in_every_weight(qapp: QApplication) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    for px, weight in itertools.product((16, 24, 48), (fonts.REGULAR, fonts.SEMIBOLD, fonts.BOLD)):
        metrics = QFontMetricsF(fonts.figures(px, weight))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_the_interface_is_written_in_the_shipped_font(qapp: QApplication) -> None:
    theme.apply_theme(qapp, theme.LIGHT)
    assert QFontInfo(fonts.font(20)).family() == fonts.FAMILY
    assert QFontInfo(QLabel("x").font()).family() == fonts.FAMILY


def test_arabic_and_chinese_fonts_are_loaded_only_when_a_text_needs_them() -> None:
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "from PySide6.QtGui import QFontDatabase as D, QFontMetrics\n"
        "app = QApplication([])\n"
        "from pos_app.ui import fonts, theme\n"
        "theme.apply_theme(app, theme.LIGHT)\n"
        "assert 'Noto Sans Arabic' not in D.families()\n"
        "fonts.ensure_for('Käse € – 1,99')\n"
        "assert 'Noto Sans Arabic' not in D.families()\n"
        "fonts.ensure_for('خبز')\n"
        "assert 'Noto Sans Arabic' in D.families() and 'Noto Sans SC' not in D.families()\n"
        "fonts.ensure_for('绿茶')\n"
        "assert 'Noto Sans SC' in D.families()\n"
        "assert 'Noto Sans SC' in fonts.font(20).families()\n"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        env={"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_targets_are_measured_in_millimetres_but_fit_a_small_screen(qapp: QApplication) -> None:
    class Screen:
        def __init__(self, dpi: float, height: int) -> None:
            self.dpi, self.high = dpi, height

        def physicalDotsPerInch(self) -> float:
            return self.dpi

        def size(self) -> "Screen":
            return self

        def height(self) -> int:
            return self.high

    def px(dpi: float, height: int) -> int:
        return theme.mm(Screen(dpi, height), 15)  # type: ignore[arg-type]

    assert px(96, 1080) == 57
    assert px(163, 2160) == 96
    assert px(0, 1080) == px(30, 1080) == 48
    assert px(400, 768) == 58
    assert theme.mm(QGuiApplication.primaryScreen(), 15) > 0


def test_every_icon_can_be_drawn_in_colour(qapp: QApplication) -> None:
    names = [path.stem for path in resource("icons").glob("*.svg")]
    assert len(names) > 100
    for name in names:
        drawn = icons.pixmap(name, "#B3261E", 24).toImage()
        inked = [
            drawn.pixelColor(x, y)
            for x, y in itertools.product(range(24), range(24))
            if drawn.pixelColor(x, y).alpha() > 200
        ]
        assert inked, name
        if not name.startswith(("arrow-of-field", "check-of-box")):  # these have their own ink
            assert all(is_nearly(colour, QColor("#B3261E")) for colour in inked), name


def is_nearly(one: QColor, other: QColor) -> bool:
    """Equal but for the rounding of half-transparent pixels."""
    apart = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return all(abs(a - b) <= 2 for a, b in apart)


def test_an_icon_is_drawn_once_per_size_and_colour(qapp: QApplication) -> None:
    first = icons.pixmap("printer", "#14181F", 24, 1.0)
    assert icons.pixmap("printer", "#14181F", 24, 1.0) is first
    assert icons.pixmap("printer", "#14181F", 24, 2.0).width() == 48


def test_licences_lie_beside_fonts_and_icons() -> None:
    assert "SIL Open Font License" in (resource("fonts") / "OFL.txt").read_text(encoding="utf-8")
    assert "ISC License" in (resource("icons") / "LICENSE").read_text(encoding="utf-8")
    assert not icons.app_icon().isNull()
