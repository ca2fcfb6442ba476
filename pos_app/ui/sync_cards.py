"""The cards of head office's screen: the state, the proof, what waits for people, other tills."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from pos_app.texts import t
from pos_app.ui import fonts, icons, theme
from pos_app.ui.field_values import from_the_right, own_direction
from pos_app.ui.page_parts import ResultLine, sentence
from pos_app.ui.presenters.sync_state import QuarrelLine, RefusalCard, SyncState
from pos_app.ui.report_figures import FigureStrip
from pos_app.ui.views import Tone
from pos_app.ui.widgets.button import Button

_ICON_PX = 40
_STEPS = 1000


class StateCard(QFrame):
    """How it stands in one sentence, and how far the backlog or the first reception is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._shown = ("", Tone.PLAIN)
        self._icon = QLabel(self)
        self.headline = QLabel(self)
        self.headline.setProperty("role", "heading")
        self.headline.setWordWrap(True)
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.about = sentence("", self)
        self.backlog = QLabel(self)
        self.backlog.setWordWrap(True)
        self.estimate = QLabel(self)
        self.estimate.setProperty("role", "quiet")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(t("Progress"))
        self.bar.setRange(0, _STEPS)
        self._lay_out()

    def show_state(self, state: SyncState) -> None:
        """Draw `state`."""
        fonts.ensure_for(state.headline + state.about)
        self.headline.setText(from_the_right(state.headline))
        self.about.setText(state.about)
        self.about.setVisible(bool(state.about))
        self.backlog.setText(from_the_right(state.backlog))
        self.estimate.setText(state.estimate)
        self.backlog.setVisible(bool(state.backlog))
        self.bar.setVisible(bool(state.total))
        self.estimate.setVisible(bool(state.estimate))
        self.bar.setValue(state.done * _STEPS // max(state.total, 1))
        self.bar.setAccessibleDescription(state.backlog)
        if (state.icon, state.tone) != self._shown:
            self._shown = state.icon, state.tone
            self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        icon, tone = self._shown
        if icon:
            drawn = icons.pixmap(icon, _ink(tone), _ICON_PX, self.devicePixelRatioF())
            self._icon.setPixmap(drawn)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 16)
        row.setSpacing(16)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addWidget(self.about)
        column.addWidget(self.backlog)
        column.addWidget(self.bar)
        column.addWidget(self.estimate)
        row.addLayout(column, 1)


class ProofCard(QFrame):
    """Whether head office has all that this till has, with the figures of both sides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        heading = QLabel(t("Is everything there?"), self)
        heading.setProperty("role", "heading")
        self.verdict = ResultLine(self)
        self.figures = FigureStrip(self)
        self.missing = QLabel(self)
        self.missing.setWordWrap(True)
        self.missing.setTextFormat(Qt.TextFormat.PlainText)
        self.about = sentence("", self)
        for part in (heading, self.verdict, self.figures, self.missing, self.about):
            column.addWidget(part)

    def show_state(self, state: SyncState) -> None:
        """Draw `state`."""
        self.verdict.tell(state.proof, state.proof_tone)
        self.figures.show_figures(state.figures)
        fonts.ensure_for(state.missing)
        self.missing.setText(from_the_right(state.missing))
        self.missing.setVisible(bool(state.missing))
        self.about.setText(state.proof_about)
        self.about.setVisible(bool(state.proof_about))


class RefusalsCard(QFrame):
    """The entries that wait for a person, each with its reason; `settled(key, remedy)`."""

    settled = Signal(str, str)

    def __init__(self, parent: QWidget | None = None, title: str = "", about: str = "") -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._shown: tuple[RefusalCard, ...] = ()
        self._rows: list[QFrame] = []
        self.buttons: dict[tuple[str, str], Button] = {}
        self._column = _headed(self, title or t("To be settled"))
        told = t("Head office keeps these safe, but could not take them as they are.")
        self._column.addWidget(sentence(about or told, self))
        self._more = sentence("", self)
        self._column.addWidget(self._more)

    def show_cards(self, cards: Sequence[RefusalCard], more: str = "") -> None:
        """Draw one row for each; nothing moves while they stay the same."""
        self.setVisible(bool(cards))
        self._more.setText(more)
        self._more.setVisible(bool(more))
        if tuple(cards) == self._shown:
            return
        self._shown = tuple(cards)
        _clear(self._rows)
        self.buttons = {}
        for one in cards:
            row = self._row(one)
            self._column.insertWidget(self._column.indexOf(self._more), row)
            self._rows.append(row)

    def _row(self, one: RefusalCard) -> QFrame:
        fonts.ensure_for(one.title + one.reason)
        row = _row_frame(self)
        words = QVBoxLayout(row)
        words.setContentsMargins(0, 10, 0, 0)
        words.setSpacing(4)
        words.addWidget(_strong(f"{one.title} · {one.when}" if one.when else one.title, row))
        reason = QLabel(own_direction(one.reason), row)
        reason.setWordWrap(True)
        reason.setTextFormat(Qt.TextFormat.PlainText)
        words.addWidget(reason)
        if one.note:
            words.addWidget(sentence(one.note, row))
        if one.remedies:
            words.addLayout(self._buttons(one, row))
        return row

    def _buttons(self, one: RefusalCard, row: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        for place, (remedy, label, icon) in enumerate(one.remedies):
            button = Button(label, icon, kind="quiet" if place else "card", parent=row)
            button.setAccessibleName(f"{label}: {one.title}")
            button.setEnabled(not one.is_busy)
            button.clicked.connect(
                lambda _=False, key=one.key, remedy=remedy: self.settled.emit(key, remedy)
            )
            line.addWidget(button)
            self.buttons[one.key, remedy] = button
        line.addStretch(1)
        return line


class QuarrelsCard(QFrame):
    """Fields that two sides changed: what stands, what gave way to it, and whose that was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._shown: tuple[QuarrelLine, ...] = ()
        self._rows: list[QFrame] = []
        self._column = _headed(self, t("Changed on both sides"))
        told = t("One value stands, the other is kept here. To use it, enter it again.")
        self._column.addWidget(sentence(told, self))

    def show_lines(self, lines: Sequence[QuarrelLine]) -> None:
        """Draw one row for each."""
        self.setVisible(bool(lines))
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        _clear(self._rows)
        for one in lines:
            row = self._row(one)
            self._column.addWidget(row)
            self._rows.append(row)

    def _row(self, one: QuarrelLine) -> QFrame:
        fonts.ensure_for(one.title + one.kept + one.lost + one.about)
        row = _row_frame(self)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(2)
        column.addWidget(_strong(f"{one.title} · {one.field}", row))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for place, (word, value) in enumerate(((t("Kept"), one.kept), (t("Not kept"), one.lost))):
            name = sentence(word, row)
            name.setWordWrap(False)
            shown = QLabel(own_direction(value), row)
            shown.setWordWrap(True)
            shown.setTextFormat(Qt.TextFormat.PlainText)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{word}: {value}")
            grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, place, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        if one.about:
            column.addWidget(sentence(one.about, row))
        return row


class TillsCard(QFrame):
    """The shop's other tills and when head office last heard of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._shown: tuple[tuple[str, str], ...] = ()
        self._rows: list[QFrame] = []
        self._column = _headed(self, t("Other tills, last heard"))

    def show_tills(self, tills: Sequence[tuple[str, str]]) -> None:
        """Draw one line for each."""
        self.setVisible(bool(tills))
        if tuple(tills) == self._shown:
            return
        self._shown = tuple(tills)
        _clear(self._rows)
        for till, heard in tills:
            row = QFrame(self)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            fonts.ensure_for(till + heard)
            line.addWidget(QLabel(till, row), 1)
            figure = QLabel(heard, row)
            figure.setFont(fonts.figures(theme.TEXT.office, fonts.REGULAR))
            line.addWidget(figure)
            self._column.addWidget(row)
            self._rows.append(row)


def _headed(frame: QFrame, title: str) -> QVBoxLayout:
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 14, 16, 16)
    column.setSpacing(8)
    heading = QLabel(title, frame)
    heading.setProperty("role", "heading")
    heading.setWordWrap(True)
    column.addWidget(heading)
    return column


def _row_frame(parent: QWidget) -> QFrame:
    row = QFrame(parent)
    row.setObjectName("row")
    line = theme.current().line
    row.setStyleSheet(f"QFrame#row {{ border: none; border-top: 1px solid {line}; }}")
    return row


def _strong(text: str, parent: QWidget) -> QLabel:
    label = QLabel(from_the_right(text), parent)
    label.setFont(fonts.font(theme.TEXT.office, fonts.SEMIBOLD))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _clear(rows: list[QFrame]) -> None:
    for row in rows:
        row.setParent(None)
        row.deleteLater()
    rows.clear()


def _ink(tone: Tone) -> str:
    colours = theme.current()
    inks = {
        Tone.SUCCESS: colours.success,
        Tone.WARNING: colours.warning_text,
        Tone.DANGER: colours.danger,
    }
    return inks.get(tone, colours.text2)
