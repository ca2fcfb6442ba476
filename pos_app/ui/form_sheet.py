"""A sheet with fields that keeps what is typed: Esc asks once before it lets go."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from pos_app.texts import t
from pos_app.ui import fonts
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.dialog import Sheet

_MARGIN = 48


class FormSheet(Sheet):
    """Save and Cancel at the foot, the fields scrolling in the middle, a message in between."""

    def __init__(
        self,
        title: str,
        save: Callable[[], bool],
        is_changed: Callable[[], bool],
        size: QSize,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent=parent)
        self._is_changed = is_changed
        self._has_warned = False
        save_action = SheetAction("save", t("Save"), "check", Tone.PRIMARY)
        self._endings: tuple[tuple[SheetAction, Callable[[], bool]], ...] = ((save_action, save),)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self._scroll)
        self.fields = QVBoxLayout(inside)
        self.fields.setContentsMargins(8, 2, 8, 2)
        self.fields.setSpacing(12)
        self._scroll.setWidget(inside)
        self._message = QLabel(self)
        self._message.setWordWrap(True)
        self._message.hide()
        self.body().addWidget(self._scroll, 1)
        self.body().addWidget(self._message)
        self._offer(t("Cancel"))
        self.acted.connect(self._act)
        self.resize(fitting(size, self))

    def end_with(self, *endings: tuple[SheetAction, Callable[[], bool]]) -> None:
        """Offer these ways to end the sheet in place of Save, the main one last.

        Each returns whether it is done; Ctrl+Enter takes the main one.
        """
        self._endings = endings
        self._offer(t("Cancel"))

    def press(self, key: str) -> None:
        """Do what a button at the foot does."""
        self._act(key)

    def show_message(self, text: str, *, is_error: bool = False) -> None:
        """Show a sentence above the buttons; an empty one goes away."""
        fonts.ensure_for(text)
        self._message.setText(text)
        role = "error" if is_error else ""
        if self._message.property("role") != role:
            self._message.setProperty("role", role)
            self._message.style().unpolish(self._message)
            self._message.style().polish(self._message)
        self._message.setVisible(bool(text))

    def show_field(self, field: QWidget) -> None:
        """Scroll until `field` is in sight."""
        self._scroll.ensureWidgetVisible(field, 0, 60)

    def reject(self) -> None:
        """Close at once when nothing is typed; otherwise say so first."""
        if self._is_changed() and not self._has_warned:
            self._has_warned = True
            self._offer(t("Throw away"))
            told = t("This is not saved yet. Save it, or throw it away.")
            self.show_message(f"⚠ {told}", is_error=True)
            return
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the main ending on Ctrl+Enter, wherever the cursor is."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            self._act(self._endings[-1][0].key)
            return
        super().keyPressEvent(event)

    def _act(self, key: str) -> None:
        if key == "cancel":
            self.reject()
            return
        end = next(end for action, end in self._endings if action.key == key)
        if end():
            self.accept()

    def _offer(self, cancel: str) -> None:
        endings = (action for action, _ in self._endings)
        self.set_actions((SheetAction("cancel", cancel, "x"), *endings))


def fitting(size: QSize, widget: QWidget) -> QSize:
    """Return `size`, or what of it fits on the screen."""
    widget.setProperty("wanted_size", size)
    room = widget.screen().availableSize()
    most = QSize(room.width() - _MARGIN, room.height() - _MARGIN // 2)
    widget.setMaximumSize(most)  # a long list inside must scroll, not push the buttons off
    return size.boundedTo(most)
