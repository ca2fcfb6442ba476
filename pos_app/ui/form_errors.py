"""Showing errors in forms without pulling the cursor away from whoever is typing."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from pos_app.ui.widgets.form import Form

_AROUND_PX = 72


class FormErrors:
    """Shows errors in `forms`; the focus moves only when a new error has come up."""

    def __init__(self, *forms: Form) -> None:
        self._forms = forms
        self._shown: dict[str, str] = {}

    def show(self, errors: Mapping[str, str]) -> None:
        """Write `errors` under their fields; the first form's first wrong field gets the focus."""
        if errors == self._shown:
            return
        is_news = bool(errors.keys() - self._shown.keys())
        self._shown = dict(errors)
        focused = QApplication.focusWidget()
        wrong = [form.show_errors(errors) for form in reversed(self._forms)]
        first = next((field for field in reversed(wrong) if field is not None), None)
        if not is_news:
            if focused is not None:
                focused.setFocus()
        elif first is not None:
            QTimer.singleShot(0, first, lambda: _bring_into_sight(first))


def _bring_into_sight(field: QWidget) -> None:
    """Scroll the page until a field and the sentence below it are seen."""
    above = field.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        above.ensureWidgetVisible(field, 0, _AROUND_PX)
