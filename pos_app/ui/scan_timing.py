"""What makes a run of keys a scan: the rhythm, the learned prefix and suffix. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """A scanner's habits; `prefix` and `suffix` as it sends them, times in milliseconds.

    A `suffix` other than Enter (a carriage return) or Tab means that a pause ends the code.
    Without a prefix the rhythm decides.
    """

    prefix: str = ""
    suffix: str = "\r"
    first_gap_ms: int = 50
    later_gap_ms: int = 120
    median_gap_ms: int = 35
    least_characters: int = 6
    prefix_gap_ms: int = 300


def goes_on(keys: int, gap_ms: int, settings: ScannerSettings) -> bool:
    """Tell whether a key `gap_ms` after the last of `keys` may belong to the same scan."""
    return 0 <= gap_ms <= pause_ms(keys, settings)


def is_scan(times_ms: Sequence[int], settings: ScannerSettings) -> bool:
    """Tell whether keys at these times, the closing Enter or Tab last, were a scan."""
    if len(times_ms) - 1 < settings.least_characters:
        return False
    gaps = [later - earlier for earlier, later in pairwise(times_ms)]
    is_one_run = all(goes_on(place, gap, settings) for place, gap in enumerate(gaps, start=1))
    return is_one_run and _median(gaps) <= settings.median_gap_ms


def _median(gaps: Sequence[int]) -> float:
    """The middle of `gaps`; the library's own module takes longer to import than it saves lines."""
    inner = sorted(gaps)
    return (inner[(len(inner) - 1) // 2] + inner[len(inner) // 2]) / 2


def read_code(
    text: str, end: str, times_ms: Sequence[int], settings: ScannerSettings
) -> str | None:
    """Return the bare code if `text`, closed by `end`, is a scan; None if a person typed it.

    `end` is a carriage return, a tab, or empty when the keys merely stopped.
    """
    if settings.prefix and text.startswith(settings.prefix):
        raw = text + end
        if raw.endswith(settings.suffix) and len(raw) > len(settings.prefix + settings.suffix):
            return raw.removeprefix(settings.prefix).removesuffix(settings.suffix).rstrip("\r\t")
    if not end and settings.suffix in ("\r", "\t"):
        return None
    if not is_scan(times_ms, settings):
        return None
    return text.removeprefix(settings.prefix)


def pause_ms(keys: int, settings: ScannerSettings) -> int:
    """Return how long the next key may take after `keys` of them."""
    return settings.first_gap_ms if keys <= 2 else settings.later_gap_ms


def undo_caps(keys: Sequence[tuple[str, bool]]) -> str:
    """Join characters, letters put right if Caps Lock was on: a shifted letter came out small.

    `keys` are pairs of character and whether Shift was down. Without such proof nothing changes.
    """
    text = "".join(char for char, _ in keys)
    is_caps_on = any(shifted and char.islower() for char, shifted in keys)
    return text.swapcase() if is_caps_on else text


def learn(raw: str, code: str) -> ScannerSettings | None:
    """Return the settings of a scanner that sent `raw` for the printed `code`.

    None when `code` is not within `raw`: the wrong code was scanned.
    """
    before, found, after = raw.partition(code)
    if not found or not code:
        return None
    return ScannerSettings(prefix=before, suffix=after.replace("\r\n", "\r").replace("\n", "\r"))
