"""Qt's own words in the language of the till: buttons and labels of its file dialogs."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

_SHELF = "qt-words"


def load_qt_words(app: QCoreApplication, code: str) -> bool:
    """Let Qt speak `code` (ISO 639-1) from the catalogues in its wheel, in place of what it spoke.

    Returns whether Qt has words in that language; English needs none.
    """
    for old in app.findChildren(QTranslator, _SHELF):
        app.removeTranslator(old)
        old.deleteLater()
    if code == "en":
        return True
    words = QTranslator(app)
    words.setObjectName(_SHELF)
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    if not words.load(f"qtbase_{code}", str(folder)):
        words.deleteLater()
        return False
    return app.installTranslator(words)
