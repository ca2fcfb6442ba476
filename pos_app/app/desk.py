"""The application object: its name, its theme, and the direction in which it is read.

`application` is all that the first painting needs. Fonts, icons, the style sheet and Qt's large
enums take longer than that painting, so `use_look` and what it imports come right after it.
"""

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from pos_app.config import FirstLook
from pos_app.texts import t
from pos_app.ui.skeleton import IS_FUSION

if TYPE_CHECKING:
    from PySide6.QtCore import QLocale

_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def application(look: FirstLook) -> QApplication:
    """Return the one application, read in the direction of `look`."""
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else _new_application()
    app.setApplicationName("pos-app")
    app.setApplicationDisplayName(t("Till"))
    if look.language[:2] in _RIGHT_TO_LEFT:
        from PySide6.QtCore import Qt

        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return app


def _new_application() -> QApplication:
    # Named here and not set afterwards: for that PySide makes all of the style's 600 enum values.
    app = QApplication([*sys.argv[:1], "-style", "fusion"])
    app.setProperty(IS_FUSION, True)
    return app


def use_look(app: QApplication, look: FirstLook) -> None:
    """Take up a theme and a language; windows that are open keep their words."""
    from PySide6.QtCore import QLocale, Qt

    from pos_app.ui import fonts, theme
    from pos_app.ui.languages import load_qt_words

    load_qt_words(app, look.language)
    fonts.load_for_language(look.language)
    QLocale.setDefault(_locale(look.language))
    is_rtl = QLocale(look.language).textDirection() is Qt.LayoutDirection.RightToLeft
    direction = Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
    app.setLayoutDirection(direction)
    theme.apply_theme(app, theme.THEMES.get(theme_name(app, look), theme.LIGHT))


def _locale(language: str) -> "QLocale":
    from PySide6.QtCore import QLocale

    if language == "en":
        return QLocale.system()
    # Amounts are written with Western digits, as tills in the Gulf do; the clock goes with them.
    return QLocale("ar_AE") if language == "ar" else QLocale(language)


def theme_name(app: QApplication, look: FirstLook) -> str:
    """Return the theme of `look`; `system` asks the desktop."""
    if look.theme != "system":
        return look.theme
    from PySide6.QtCore import Qt

    is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return "dark" if is_dark else "light"
