"""Learning a scanner's habits from one scan: what it sends before and after the code."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.gtin import is_valid_gtin
from pos_app.texts import t
from pos_app.ui.scan_timing import learn
from pos_app.ui.views import Tone

Learned = Callable[[str, str], None]
_DIGITS = re.compile(r"[0-9]{8,14}")
_NAMES = {"\r": "Enter", "\t": "Tab"}


@dataclass(frozen=True, slots=True)
class LessonState:
    """What the scanner's page shows: what came, what is printed on the goods, what follows."""

    heard: str = ""
    shown: str = ""
    printed: str = ""
    verdict: str = ""
    tone: Tone = Tone.PLAIN
    before: str = ""
    after: str = ""
    can_take: bool = False


class ScannerLesson:
    """Takes one scan apart; `on_learned(prefix, suffix)` when the habits are taken over."""

    def __init__(self, on_state: Callable[[LessonState], None], on_learned: Learned) -> None:
        self._on_state = on_state
        self._on_learned = on_learned
        self._state = LessonState()

    @property
    def state(self) -> LessonState:
        """What the page shows now."""
        return self._state

    def scanned(self, code: str) -> None:
        """Take what came by the scanner's rhythm; it ended with Enter or Tab."""
        self._hear(f"{code}\r")

    def typed(self, text: str) -> None:
        """Take what arrived in the field as if typed: a scanner that ends with nothing."""
        self._hear(text)

    def print_says(self, printed: str) -> None:
        """Take the number under the bars as a person reads it."""
        self._state = replace(self._state, printed=printed.strip())
        self._judge()

    def take(self) -> None:
        """Take the habits over."""
        found = learn(self._state.heard, self._state.printed)
        if found is not None:
            self._on_learned(found.prefix, found.suffix)

    def _hear(self, raw: str) -> None:
        self._state = LessonState(
            heard=raw, shown=shown_keys(raw), printed=likely_code(raw.strip("\r\t"))
        )
        self._judge()

    def _judge(self) -> None:
        state = self._state
        found = learn(state.heard, state.printed)
        if not state.heard:
            changed = replace(state, verdict="", tone=Tone.PLAIN, can_take=False)
        elif found is None:
            verdict = t("The number under the bars is not in what came. Check both.")
            changed = replace(state, verdict=verdict, tone=Tone.WARNING, can_take=False)
        else:
            plain = not found.prefix and found.suffix in ("\r", "\t")
            if plain:
                verdict = t("The scanner sends the code and Enter. It is told apart by its speed.")
            else:
                verdict = t("The scanner sends more than the code. Take it over to be sure of it.")
            changed = replace(
                state,
                verdict=verdict,
                tone=Tone.SUCCESS,
                before=shown_keys(found.prefix),
                after=shown_keys(found.suffix),
                can_take=True,
            )
        self._state = changed
        self._on_state(changed)


def likely_code(raw: str) -> str:
    """Guess which part of what came is the printed code: a run of digits with its check digit."""
    for run in _DIGITS.findall(raw):
        for length in (13, 12, 8, 14):
            for start in range(len(run) - length + 1):
                part = run[start : start + length]
                if is_valid_gtin(part):
                    return str(part)
    return raw


def shown_keys(raw: str) -> str:
    """Write what came so that invisible keys can be read: ~4006381333931 [Enter]."""
    return "".join(_shown(char) for char in raw).strip()


def _shown(char: str) -> str:
    if char in _NAMES:
        return f" [{_NAMES[char]}] "
    return char if char.isprintable() else f" [0x{ord(char):02X}] "
