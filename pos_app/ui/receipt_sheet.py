"""The receipt on the screen, for a till whose printer is only a preview."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from pos_app.texts import t
from pos_app.ui.paper_view import PaperView
from pos_app.ui.views import SheetAction, Tone
from pos_app.ui.widgets.dialog import Sheet

_SIZE = QSize(500, 700)


class ReceiptSheet(Sheet):
    """Shows a receipt beside the sale; selling goes on behind it."""

    def __init__(self, png: bytes, parent: QWidget | None = None) -> None:
        super().__init__(t("Receipt"), parent=parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.paper = PaperView(self)
        self.paper.show_picture(png)
        self.body().addWidget(self.paper, 1)
        self.set_actions([SheetAction("close", t("Close"), "x", Tone.PRIMARY)])
        self.acted.connect(lambda _key: self.close())
        room = parent.size() - QSize(40, 40) if parent is not None else _SIZE
        self.resize(_SIZE.boundedTo(room))
