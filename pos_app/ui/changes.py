"""What a write changed, told once to every screen; each screen decides whether it is stale."""

from collections.abc import Callable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Changes:
    """Which of the shop's things a finished write touched."""

    sales: bool = False
    products: bool = False
    customers: bool = False
    stock: bool = False
    settings: bool = False
    spool: bool = False
    staff: bool = False
    sync: bool = False
    cash: bool = False
    documents: bool = False

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            **{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        )

    def touch(self, wanted: "Changes") -> bool:
        """Tell whether anything in `wanted` is among these changes."""
        return any(getattr(self, f.name) and getattr(wanted, f.name) for f in fields(self))


Listener = Callable[[Changes, object], None]


class ChangeHub:
    """Passes changes on to listeners, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(changes, origin)` after every write; the returned function ends that."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    def publish(self, changes: Changes, origin: object = None) -> None:
        """Tell every listener; `origin` is the screen that wrote, which may ignore its own news.

        All listeners are told even when one raises; the first error is raised afterwards.
        """
        first_error: Exception | None = None
        for listener in tuple(self._listeners):
            try:
                listener(changes, origin)
            except Exception as error:  # noqa: BLE001 - raised again below
                first_error = first_error or error
        if first_error is not None:
            raise first_error
