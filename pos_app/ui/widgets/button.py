"""The till's one button: icon, word, kind; Enter never presses it, touch never focuses it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from pos_app.ui import fonts, icons, theme

_ICON_TONES = {
    "primary": "on_primary",
    "success": "on_success",
    "danger": "danger",
    "warning": "warning_text",
}


_TINT_AGAIN = (
    QEvent.Type.PaletteChange,
    QEvent.Type.LayoutDirectionChange,
    QEvent.Type.EnabledChange,
)


class Button(QPushButton):
    """A push button that wears one `kind` of dress.

    Kinds: plain, primary, success, danger, warning, card, tight (a card with little air), quiet,
    chip.

    It is reached by Tab but does not take the focus when touched, so that the entry line keeps
    it, and it is never a default button: Space presses it, Enter does not.
    """

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        *,
        kind: str = "plain",
        name: str = "",
        target_mm: float = 12,
        text_px: int = theme.TEXT.office,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_unmarked(text), parent)
        self._icon_name = icon
        self._text_px = text_px
        self._target_mm = target_mm
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("kind", kind)
        self.setFont(fonts.font(text_px, fonts.SEMIBOLD))
        self.setMinimumHeight(theme.mm(self, target_mm))
        self.setAccessibleName(name or text)
        if name and not text:
            self.setToolTip(name)
        fonts.ensure_for(text)
        self._tint()

    def say(self, text: str, icon: str | None = None) -> None:
        """Change the word, and the icon when one is given."""
        fonts.ensure_for(text)
        had_words = bool(self.text())
        if _unmarked(text) != self.text():
            self.setText(_unmarked(text))
        self.setAccessibleName(text)
        if had_words != bool(text):  # the air between icon and word comes or goes
            self._tint()
        if icon is not None and icon != self._icon_name:
            self._icon_name = icon
            self.setIcon(QIcon())
            self._tint()

    def set_kind(self, kind: str) -> None:
        """Change the dress; does nothing when it already wears it."""
        if self.property("kind") == kind:
            return
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._tint()

    def minimumSizeHint(self) -> QSize:
        """At least as wide as its words and as a finger."""
        hint = super().minimumSizeHint()
        return hint.expandedTo(QSize(theme.mm(self, self._target_mm), hint.height()))

    def set_pressable(self, is_pressable: bool) -> None:
        """Turn a button into a mere label that looks the same, and back."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_pressable)
        policy = Qt.FocusPolicy.TabFocus if is_pressable else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon anew when the theme changes."""
        super().changeEvent(event)
        if event.type() in _TINT_AGAIN:
            self._tint()

    def nextCheckState(self) -> None:
        """Toggle as usual, then tint the icon for the new ground."""
        super().nextCheckState()
        self._tint()

    def _tint(self) -> None:
        if not self._icon_name:
            return
        px = max(20, self._text_px + 4)
        gap = 6 if self.text() else 0
        drawn = icons.pixmap(self._icon_name, ink_of(self), px, self.devicePixelRatioF())
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        spaced = icons.with_gap(drawn, gap, mirrored)
        face = QIcon(spaced)
        face.addPixmap(spaced, QIcon.Mode.Disabled)
        self.setIconSize(QSize(px + gap, px))
        self.setIcon(face)


def ink_of(button: Button) -> str:
    """Return the colour of words and icons on `button` as it is now."""
    colours = theme.current()
    kind = button.property("kind")
    if not button.isEnabled():
        return colours.disabled
    if kind == "chip" and button.isChecked():
        return colours.on_primary
    ink: str = getattr(colours, _ICON_TONES.get(kind, "text"))
    return ink


def _unmarked(text: str) -> str:
    """An ampersand is part of a name here, not the mark of a shortcut."""
    return text.replace("&", "&&")
