"""How a text is folded and cut into words, alike when it is stored and when it is searched."""

import unicodedata
from functools import lru_cache

LONGEST_TEXT = 64
WORDS_LIMIT = 6
PART = 3  # letters; parts of words are indexed by three


def fold(text: str) -> str:
    """Return a text without accents and capitals, so that what looks alike is found alike."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter)).casefold()


def search_text(*parts: str) -> str:
    """Return what is searched for a row: its name first, then its codes, folded."""
    return " ".join(fold(part) for part in parts if part)


def typed(text: str) -> str:
    """Return what a cashier typed as it is searched: folded, printable, of sensible length."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_TEXT])
    return " ".join(fold(kept).split())[:LONGEST_TEXT].strip()


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text, each once: letters and digits; each Han or kana alone."""
    if folded.isascii():
        cut = "".join(letter if letter.isalnum() else " " for letter in folded)
    else:
        cut = "".join(map(_cut, folded))
    return list(dict.fromkeys(cut.split()))


@lru_cache(maxsize=4096)
def _cut(letter: str) -> str:
    """Return a letter as it stands in a word, with spaces where a word of its own or none."""
    kind = unicodedata.category(letter)
    if kind[0] not in "LNM" and kind != "Co":
        return " "
    is_alone = "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff"
    return f" {letter} " if is_alone or letter >= "\U00020000" else letter


def pieces_of(word: str) -> list[str]:
    """Return the runs of three letters in a word, for the indexes of parts."""
    return sorted({word[start : start + PART] for start in range(len(word) - PART + 1)})


def any_of(words: list[str]) -> str:
    """Return the word-index query for rows with one of the words."""
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"


def all_pieces(word: str) -> str:
    """Return the part-index query for texts that hold every run of three of a word."""
    return " ".join('"' + piece.replace('"', '""') + '"' for piece in pieces_of(word))
