"""The one style sheet, written from a theme; controls choose a dress by `kind` or `role`."""

from dataclasses import dataclass

from pos_app.assets import resource


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#RRGGBB`; `on_x` is text on `x`, `x_soft` a quiet ground for text in `x`."""

    name: str
    is_dark: bool
    ground: str
    surface: str
    raised: str
    line: str
    text: str
    text2: str
    disabled: str
    primary: str
    on_primary: str
    primary_soft: str
    success: str
    on_success: str
    success_soft: str
    danger: str
    on_danger: str
    danger_soft: str
    warning_text: str
    warning_ground: str
    input_edge: str


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of the whole application for `theme`."""
    return "\n".join(
        (
            _surfaces(theme),
            _buttons(theme),
            _inputs(theme),
            _lists(theme),
            _scroll_bars(theme),
            _small_parts(theme),
        )
    )


def _surfaces(c: Theme) -> str:
    return f"""
QMainWindow, QDialog {{ background: {c.ground}; }}
QLabel {{ background: transparent; color: {c.text}; }}
QLabel[role="title"] {{ font-size: 24px; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: 20px; font-weight: 600; }}
QLabel[role="quiet"] {{ color: {c.text2}; }}
QLabel[role="error"] {{ color: {c.danger}; }}
QFrame[role="card"] {{
    background: {c.surface}; border: 1px solid {c.line}; border-radius: 10px; }}
QFrame[role="plain"] {{ background: {c.surface}; border: none; }}
QFrame[role="popup"] {{
    background: {c.surface}; border: 1px solid {c.input_edge}; border-radius: 10px; }}
QFrame[role="rule"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
"""


def _buttons(c: Theme) -> str:
    plain = _button("", c.raised, c.text, c.line, c.primary)
    return plain + "".join(
        (
            _button('[kind="primary"]', c.primary, c.on_primary, c.primary, c.text),
            _button('[kind="success"]', c.success, c.on_success, c.success, c.text),
            _button('[kind="danger"]', c.danger_soft, c.danger, c.danger_soft, c.danger),
            _button('[kind="warning"]', c.warning_ground, c.warning_text, c.warning_ground, c.text),
            _button('[kind="card"]', c.surface, c.text, c.line, c.primary),
            _button('[kind="tight"]', c.surface, c.text, c.line, c.primary),
            'QPushButton[kind="tight"] { padding: 4px 6px; }',
            _button('[kind="quiet"]', "transparent", c.text, "transparent", c.primary),
            f"""
QPushButton:disabled {{ color: {c.disabled}; background: {c.raised}; border-color: {c.raised}; }}
QPushButton[kind="card"]:disabled, QPushButton[kind="tight"]:disabled,
QPushButton[kind="primary"]:disabled, QPushButton[kind="success"]:disabled {{
    background: transparent; border-color: {c.line}; }}
QPushButton[kind="quiet"]:disabled {{ background: transparent; border-color: transparent; }}
QPushButton[place="side"] {{ text-align: left; padding-right: 16px; }}
QPushButton[place="side"]:checked {{ background: {c.primary_soft}; color: {c.primary}; }}
QPushButton[kind="chip"] {{
    background: {c.surface}; color: {c.text}; border: 2px solid {c.line};
    border-radius: 10px; padding: 4px 14px; }}
QPushButton[kind="chip"][snug="true"] {{ padding: 4px 8px; }}
QPushButton[kind="chip"]:checked {{
    background: {c.primary}; color: {c.on_primary}; border-color: {c.primary}; }}
QPushButton[kind="chip"]:focus {{ border-color: {c.text}; }}
""",
        )
    )


def _button(which: str, ground: str, text: str, edge: str, focus: str) -> str:
    return f"""
QPushButton{which} {{
    background: {ground}; color: {text}; border: 2px solid {edge};
    border-radius: 6px; padding: 4px 12px; font-weight: 600; }}
QPushButton{which}:hover {{ border-color: {focus}; }}
QPushButton{which}:pressed {{ background: {edge}; border-color: {focus}; }}
QPushButton{which}:focus {{ border-color: {focus}; }}
"""


def _inputs(c: Theme) -> str:
    fields = "QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox"
    focused = ", ".join(f"{name}:focus" for name in fields.split(", "))
    bad = ", ".join(f'{name}[state="error"]' for name in fields.split(", "))
    return f"""
{fields} {{
    background: {c.surface}; color: {c.text}; border: 2px solid {c.input_edge};
    border-radius: 6px; padding: 4px 8px;
    selection-background-color: {c.primary}; selection-color: {c.on_primary}; }}
{focused} {{ border-color: {c.primary}; }}
{bad} {{ border-color: {c.danger}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
    color: {c.disabled}; background: {c.ground}; border-color: {c.line}; }}
QComboBox::drop-down {{ border: none; width: 32px; }}
QComboBox::down-arrow {{ image: url("{_arrow("down")}"); width: 20px; height: 20px; }}
QAbstractSpinBox {{ padding: 4px 28px 4px 8px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    border: none; background: transparent; width: 26px; }}
QAbstractSpinBox::up-arrow {{ image: url("{_arrow("up")}"); width: 16px; height: 16px; }}
QAbstractSpinBox::down-arrow {{ image: url("{_arrow("down")}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{
    background: {c.surface}; border: 1px solid {c.input_edge}; padding: 4px; outline: none; }}
QCheckBox, QRadioButton {{ spacing: 10px; padding: 6px; border: 2px solid transparent;
    border-radius: 6px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {c.primary}; }}
QRadioButton::indicator {{ width: 22px; height: 22px; }}
QCheckBox::indicator {{ width: 20px; height: 20px; border: 2px solid {c.input_edge};
    border-radius: 4px; background: {c.surface}; }}
QCheckBox::indicator:checked {{ background: {c.primary}; border-color: {c.primary};
    image: url("{_tick(c)}"); }}
QCheckBox::indicator:disabled {{ border-color: {c.line}; background: {c.ground}; }}
"""


def _tick(theme: Theme) -> str:
    """Return the path of the tick that shows on the theme's primary colour."""
    ink = "dark" if theme.is_dark else "light"
    return (resource("icons") / f"check-of-box-{ink}.svg").as_posix()


def _arrow(way: str) -> str:
    """Return the path of a small arrow in a grey that shows on light and on dark."""
    return (resource("icons") / f"arrow-of-field-{way}.svg").as_posix()


def _lists(c: Theme) -> str:
    return f"""
QAbstractItemView {{
    background: {c.surface}; color: {c.text}; border: none; outline: none;
    alternate-background-color: {c.ground};
    selection-background-color: {c.primary_soft}; selection-color: {c.text}; }}
QTableView {{ gridline-color: {c.line}; }}
QTableView::item {{ padding: 0 12px; border-bottom: 1px solid {c.line}; }}
QTableView::item:selected {{ background: {c.primary_soft}; color: {c.text}; }}
QListView[role="bare"] {{ background: transparent; }}
QListView[role="card"], QTableView[role="card"] {{
    border: 1px solid {c.line}; border-radius: 10px; padding: 4px 0; }}
QTableView:focus, QListView:focus {{ outline: none; }}
QHeaderView {{ background: {c.surface}; border: none; }}
QHeaderView::section {{
    background: {c.surface}; color: {c.text2}; border: none;
    border-bottom: 2px solid {c.line}; padding: 8px 12px; font-weight: 600; }}
QTabBar::tab {{
    background: transparent; color: {c.text2}; padding: 10px 18px;
    border-bottom: 3px solid transparent; font-weight: 600; }}
QTabWidget[role="narrow"] QTabBar::tab {{ padding-left: 9px; padding-right: 9px; }}
QTabBar::tab:selected {{ color: {c.primary}; border-bottom-color: {c.primary}; }}
QTabBar::tab:focus {{ color: {c.text}; border-bottom-color: {c.text}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
"""


def _scroll_bars(c: Theme) -> str:
    return f"""
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 14px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 14px; margin: 0; }}
QScrollBar::handle {{ background: {c.input_edge}; border-radius: 4px; margin: 3px; }}
QScrollBar::handle:vertical {{ min-height: 48px; }}
QScrollBar::handle:horizontal {{ min-width: 48px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _small_parts(c: Theme) -> str:
    return f"""
QProgressBar {{
    background: {c.raised}; border: none; border-radius: 6px; min-height: 12px;
    max-height: 12px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {c.primary}; border-radius: 6px; }}
QToolTip {{
    background: {c.text}; color: {c.surface}; border: none; padding: 6px 10px; }}
QMenu {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.input_edge}; padding: 6px; }}
QMenu::item {{ padding: 10px 24px; border-radius: 6px; }}
QMenu::item:selected {{ background: {c.primary_soft}; color: {c.text}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: 6px 0; }}
"""
