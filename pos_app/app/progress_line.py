"""A progress bar on standard error, drawn only for a person at a terminal."""

import sys

_WIDTH = 32


class ProgressLine:
    """Call it with (done, total); it redraws at whole percents and ends with a new line."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        """Draw `done` of `total`; nothing where standard error is not a terminal."""
        if not sys.stderr.isatty():
            return
        percent = min(100 * done // max(total, 1), 100)
        if percent == self._shown:
            return
        self._shown = percent
        filled = _WIDTH * percent // 100
        bar = "█" * filled + "·" * (_WIDTH - filled)
        end = "\n" if percent == 100 else ""
        print(f"\r{self._label} {bar} {percent:3} %", end=end, file=sys.stderr, flush=True)
