"""Colours, sizes and the look of every control, in light, dark and training dress."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette, QScreen
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.ui import fonts
from pos_app.ui.skeleton import IS_FUSION
from pos_app.ui.style_sheet import Theme, style_sheet

SPACES = (4, 8, 12, 16, 24, 32, 48)
RADIUS = 6
RADIUS_CARD = 10


@dataclass(frozen=True, slots=True)
class TextPx:
    """Sizes of type in pixels, by what is written."""

    office: int = 16
    body: int = 20
    price: int = 24
    figure: int = 32
    total: int = 48
    change: int = 64


TEXT = TextPx()

LIGHT = Theme(
    name="light",
    is_dark=False,
    ground="#F2F4F7",
    surface="#FFFFFF",
    raised="#E9EDF2",
    line="#D9DEE6",
    text="#14181F",
    text2="#4A5461",
    disabled="#7B8694",
    primary="#0B57C4",
    on_primary="#FFFFFF",
    primary_soft="#E1ECFC",
    success="#0B7438",
    on_success="#FFFFFF",
    success_soft="#DDF3E5",
    danger="#B3261E",
    on_danger="#FFFFFF",
    danger_soft="#FBE4E2",
    warning_text="#6A4700",
    warning_ground="#FFF1CC",
    input_edge="#7B8694",
)
DARK = Theme(
    name="dark",
    is_dark=True,
    ground="#12151A",
    surface="#1B1F26",
    raised="#2A303A",
    line="#363D49",
    text="#F1F4F8",
    text2="#B4BECB",
    disabled="#7F8B9A",
    primary="#8AB4FF",
    on_primary="#0A1B38",
    primary_soft="#23344F",
    success="#6FD695",
    on_success="#05240F",
    success_soft="#173826",
    danger="#FF9A90",
    on_danger="#3B0705",
    danger_soft="#4A2320",
    warning_text="#FFD77A",
    warning_ground="#3A2C00",
    input_edge="#7F8B9A",
)
TRAINING = Theme(
    name="training",
    is_dark=False,
    ground="#F4CFCB",
    surface="#FFFFFF",
    raised="#F6E3E1",
    line="#E3BDB9",
    text="#14181F",
    text2="#4A5461",
    disabled="#66707D",
    primary="#9B1C14",
    on_primary="#FFFFFF",
    primary_soft="#FBE4E2",
    success="#0B7438",
    on_success="#FFFFFF",
    success_soft="#DDF3E5",
    danger="#B3261E",
    on_danger="#FFFFFF",
    danger_soft="#FBE4E2",
    warning_text="#6A4700",
    warning_ground="#FFF1CC",
    input_edge="#66707D",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK, TRAINING)}

_current = LIGHT

_PX_PER_MM_LEAST = 3.2
_SCREEN_MM_LEAST = 200


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application; painted widgets follow on the palette change that this sends."""
    global _current
    _current = theme
    fonts.load_base_fonts()
    if not app.property(IS_FUSION):
        app.setStyle("Fusion")
        app.setProperty(IS_FUSION, True)
    app.setFont(fonts.font(TEXT.office))
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def current() -> Theme:
    """Return the theme in use."""
    return _current


def mm(where: QScreen | QWidget, millimetres: float) -> int:
    """Return how many pixels `millimetres` are on that screen.

    A screen that lies about its size, or is small, is held between 3.2 pixels per millimetre and
    a two-hundredth of its height, so that everything still fits on 1024×768.
    """
    screen = where.screen() if isinstance(where, QWidget) else where
    true_size = screen.physicalDotsPerInch() / 25.4
    most = max(_PX_PER_MM_LEAST, screen.size().height() / _SCREEN_MM_LEAST)
    return round(millimetres * min(max(true_size, _PX_PER_MM_LEAST), most))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for colour_role, colour in (
        (role.Window, theme.ground),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.ground),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.text2),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.danger),
        (role.ToolTipBase, theme.text),
        (role.ToolTipText, theme.surface),
        (role.Highlight, theme.primary),
        (role.HighlightedText, theme.on_primary),
        (role.Accent, theme.primary),
        (role.Link, theme.primary),
        (role.Mid, theme.line),
    ):
        palette.setColor(colour_role, QColor(colour))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.disabled))
    return palette
