"""A row of buttons made from plain values, reused so that nothing flickers or moves."""

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QWidget

from pos_app.ui.widgets.button import Button


class ButtonPool:
    """Keeps buttons in a layout: hands out the first so many, hides the rest."""

    def __init__(
        self, parent: QWidget, layout: QBoxLayout, make: Callable[[QWidget], Button]
    ) -> None:
        self._parent = parent
        self._layout = layout
        self._make = make
        self._buttons: list[Button] = []
        self._pressed: Callable[[str], None] = lambda _key: None

    def on_press(self, tell: Callable[[str], None]) -> None:
        """Call `tell(key)` with the key that the pressed button carries."""
        self._pressed = tell

    def take(self, count: int) -> list[Button]:
        """Return `count` visible buttons in order."""
        while len(self._buttons) < count:
            button = self._make(self._parent)
            button.clicked.connect(lambda _=False, button=button: self._tell(button))
            self._layout.addWidget(button)
            self._buttons.append(button)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < count)
        return self._buttons[:count]

    def shown(self) -> list[Button]:
        """Return the visible buttons in order."""
        return [button for button in self._buttons if not button.isHidden()]

    def find(self, key: str) -> Button | None:
        """Return the visible button with `key`."""
        return next(
            (b for b in self._buttons if b.property("key") == key and not b.isHidden()), None
        )

    def _tell(self, button: Button) -> None:
        self._pressed(str(button.property("key")))
