"""A door where text from outside comes in, and what every door promises about bad text."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pos_app.domain.errors import PosError

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
Knock = Callable[[Any], None]
_FIELD = re.compile(r"\{(\w+)(?:!r)?\}")


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: what is tried, and how it is opened for trying (a folder is given)."""

    name: str
    examples: st.SearchStrategy[Any]
    opened: Callable[[Path, "Seen"], AbstractContextManager[Knock]]
    corpus: tuple[Any, ...] = ()


@dataclass(slots=True)
class Seen:
    """What came of it: how many were tried, and which refusals came back how often.

    For the window also how long the event loop was away (by the clock, and in processor time).
    """

    tried: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    gaps_ms: list[float] = field(default_factory=list)
    busy_ms: list[float] = field(default_factory=list)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Anything but a named refusal with a whole sentence goes through as a failure."""
        try:
            yield
        except PosError as refusal:
            check_sentence(refusal)
            self.refused[type(refusal).__name__] += 1


def check_sentence(refusal: PosError) -> None:
    """Fail where a refusal is not a filled sentence of its own that ends as sentences do."""
    assert type(refusal) is not PosError
    sentence = str(refusal)
    assert sentence.rstrip().endswith("."), sentence
    assert len(sentence) < 2_000, sentence[:200]
    # What is left of a template once its own fields are taken out holds no more braces.
    assert not re.search(r"[{}]", re.sub(_FIELD, "", type(refusal).sentence)), refusal.sentence
    assert set(re.findall(_FIELD, refusal.sentence)) <= set(refusal.fields)


def corpus(name: str) -> tuple[str, ...]:
    """The texts that are always tried: one JSON string in each line."""
    lines = (CORPUS / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines if line.strip())


TEXTS = corpus("texts")
_ANY = st.characters(exclude_categories=())
_CONTROL = st.characters(max_codepoint=0x9F)
_PIECES = st.one_of(
    st.sampled_from(TEXTS),
    st.text(_ANY, max_size=8),
    st.text(_CONTROL, max_size=6),
    st.text("0123456789.,*- ", max_size=20),
    st.text("abcé ß<>&{}%'\"\\", max_size=10),
)
_LONG = st.builds(lambda text, times: text * times, _PIECES, st.sampled_from((40, 700, 5_000)))
HOSTILE = st.one_of(
    _PIECES,
    st.lists(_PIECES, max_size=4).map("".join),
    st.integers(0, 19).flatmap(lambda dice: _LONG if dice == 0 else _PIECES),
)
