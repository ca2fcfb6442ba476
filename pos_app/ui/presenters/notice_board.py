"""The notices that hang on the screen, by key; a new one takes the place of its forerunner."""

from dataclasses import replace

from pos_app.ui.views import Notice, NoticeAction, Severity

REFUSAL = "refusal"
UNDO = "undo"
UNKNOWN = "unknown"
PRINTER = "printer"
REASON = "reason"
TOLD = "told"
STOCK = "stock"
CARD_OWED = "card_owed"
_OF_THE_MOMENT = (REFUSAL, UNKNOWN, TOLD, REASON, STOCK)


class NoticeBoard:
    """Holds what is to be told, oldest first; `alarms` counts what deserves a sound."""

    def __init__(self) -> None:
        self._notices: dict[str, Notice] = {}
        self.alarms = 0

    def tell(self, text: str, key: str = TOLD, *actions: NoticeAction) -> None:
        """Hang up something worth knowing that leaves by itself."""
        self.put(Notice(key, Severity.INFO, text, actions=actions))

    def refuse(self, sentence: str, *actions: NoticeAction) -> None:
        """Hang up why the last gesture was refused."""
        self.put(Notice(REFUSAL, Severity.BAR, sentence, actions=actions))

    def put(self, notice: Notice) -> None:
        """Hang up `notice` as the newest; a repeated one counts as new."""
        self._notices.pop(notice.key, None)
        self._notices[notice.key] = replace(notice)
        if notice.severity is not Severity.INFO:
            self.alarms += 1

    def take_down(self, *keys: str) -> None:
        """Take notices away; those that are gone already do not matter."""
        for key in keys:
            self._notices.pop(key, None)

    def forget_the_moment(self) -> None:
        """Take away what only the last gesture was about."""
        self.take_down(*_OF_THE_MOMENT)

    def has(self, key: str) -> bool:
        """Tell whether a notice with `key` hangs."""
        return key in self._notices

    def all(self) -> tuple[Notice, ...]:
        """Return every notice, oldest first."""
        return tuple(self._notices.values())
