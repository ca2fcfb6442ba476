"""What a journal entry says, in one sentence for each kind of fact.

Of the sentences of a kind the first one counts whose blanks can all be filled from the payload.
"""

from collections.abc import Callable

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import JournalEntry
from pos_app.texts import t
from pos_app.ui.presenters.fact_fields import fields_of
from pos_app.ui.presenters.fact_told import FactWriter, Told
from pos_app.ui.presenters.fact_words import SENTENCES, fact_word

Fields = Callable[[Told], dict[str, str]]


def sentence_of_entry(entry: JournalEntry, write: FactWriter) -> str:
    """Say in one sentence what an entry tells; one that cannot be read says what kind it is."""
    try:
        kind = FactKind(entry.kind)
    except ValueError:
        return t("A fact of another version of this program: {kind}").format(kind=entry.kind)
    return sentence_of_fact(kind, Told(entry.payload, write))


def sentence_of_fact(kind: FactKind, told: Told) -> str:
    """Say in one sentence what a payload tells."""
    fields = fields_of(kind, told)
    for sentence in SENTENCES[kind]:
        needed = _blanks(sentence)
        if all(fields.get(name) for name in needed):
            said = t(sentence)
            try:
                return said.format(**fields)
            except (KeyError, IndexError, ValueError):  # a damaged translation
                return sentence.format(**fields)
    return fact_word(kind)


def _blanks(sentence: str) -> list[str]:
    return [part.split("}", 1)[0] for part in sentence.split("{")[1:]]
