"""The first page of a document on show: its figures, how far it is, and what belongs to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, theme
from pos_app.ui.field_values import own_direction
from pos_app.ui.presenters.document_detail import DocumentDetail
from pos_app.ui.presenters.document_detail_figures import Fact
from pos_app.ui.presenters.document_detail_links import ICONS, Link
from pos_app.ui.widgets.button import Button
from pos_app.ui.widgets.touch_scroll import let_fingers_scroll

_LEAST_BAR = 40


class DocumentOverview(QScrollArea):
    """Made anew for each state of a document; `linked(record, id)` when a link is pressed."""

    linked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        let_fingers_scroll(self)
        self._shown: tuple[object, ...] = ()
        self._links: dict[tuple[str, str], Button] = {}

    def link(self, record: str, document_id: str) -> Button:
        """Return the button of a link."""
        return self._links[(record, document_id)]

    def show_detail(self, detail: DocumentDetail) -> None:
        """Draw a document."""
        shown = (detail.facts, detail.figures, detail.progress, detail.links, detail.remarks)
        if shown == self._shown:
            return
        self._shown = shown
        self._links = {}
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 8, 8, 8)
        column.setSpacing(12)
        column.addLayout(_grid(detail.figures, page, is_figure=True))
        if detail.progress:
            column.addLayout(_bars(detail.progress, page))
        column.addLayout(_grid(detail.facts, page))
        if detail.links:
            column.addWidget(_heading(t("Belongs to it"), page))
            for link in detail.links:
                column.addWidget(self._button(link, page))
        for remark in detail.remarks:
            column.addWidget(_heading(remark.label, page))
            column.addWidget(_label(remark.value, page, wraps=True))
        column.addStretch(1)
        self.setWidget(page)

    def _button(self, link: Link, page: QWidget) -> Button:
        words = f"{link.label} · {link.about}" if link.about else link.label
        button = Button(words, ICONS[link.record], kind="card", parent=page)
        button.setProperty("place", "side")
        button.setToolTip(words)
        # A long one is cut off rather than make the page wider than its place.
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: self.linked.emit(link.record, link.id))
        self._links[(link.record, link.id)] = button
        return button


def _grid(facts: Sequence[Fact], page: QWidget, *, is_figure: bool = False) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1 if is_figure else 2)
    grid.setColumnStretch(1, 0 if is_figure else 3)
    for row, fact in enumerate(facts):
        name = _label(fact.label, page, role="quiet", wraps=True)
        value = _label(fact.value, page, wraps=not is_figure)
        if is_figure:
            weight = fonts.SEMIBOLD if fact.is_strong else fonts.REGULAR
            value.setFont(fonts.figures(theme.TEXT.office, weight))
            value.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)
    return grid


def _bars(facts: Sequence[Fact], page: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    for row, fact in enumerate(facts):
        bar = QProgressBar(page)
        bar.setRange(0, 100)
        bar.setValue(min(max(fact.share or 0, 0), 100))
        bar.setTextVisible(False)
        bar.setMinimumWidth(_LEAST_BAR)
        bar.setAccessibleName(f"{fact.label}: {fact.value}")
        value = _label(fact.value, page)
        value.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
        grid.addWidget(_label(fact.label, page, role="quiet", wraps=True), row, 0)
        grid.addWidget(bar, row, 1)
        grid.addWidget(value, row, 2)
    return grid


def _heading(text: str, page: QWidget) -> QLabel:
    label = _label(text, page)
    label.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
    return label


def _label(text: str, page: QWidget, *, role: str = "", wraps: bool = False) -> QLabel:
    fonts.ensure_for(text)
    label = QLabel(own_direction(text), page)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wraps)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label
