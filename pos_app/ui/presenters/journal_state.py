"""What the journal screen shows, and its words."""

from dataclasses import dataclass

from pos_app.domain.facts import FactKind
from pos_app.domain.journal import Break, JournalEntry
from pos_app.services.journal_chain import ChainBreak, ChainState
from pos_app.services.journal_reading import FactGroup
from pos_app.services.replay import EXCEPTIONS
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.fact_sentences import sentence_of_entry
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.fact_values import values_of
from pos_app.ui.presenters.fact_words import fact_icon, fact_word, group_word
from pos_app.ui.presenters.office_rows import NO_ROWS, FixedRows, Rows
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import bare
from pos_app.ui.views import CategoryView, ChipView, Column, Notice, TableRow, Tone

ALL = ""
NO_CHIP = ChipView("chain", "")
_STEP = "\u2003"  # an em space: how far a value stands in


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry on show; `receipt` is the id of the document of the counter that it is about."""

    seq: int
    title: str
    sentence: str
    about: str
    values: Rows = NO_ROWS
    proof: Rows = NO_ROWS
    raw: str = ""
    receipt: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class JournalState:
    """Everything on the journal screen; `serial` grows whenever the rows are new."""

    columns: tuple[Column, ...] = ()
    rows: Rows = NO_ROWS
    serial: int = 0
    counted: str = ""
    text: str = ""
    groups: tuple[CategoryView, ...] = ()
    group: str = ALL
    kinds: tuple[Choice, ...] = ()
    kind: str = ALL
    people: tuple[Choice, ...] = ()
    staff: str = ALL
    start: str = ""
    end: str = ""
    is_searching: bool = False
    has_more: bool = False
    is_filtered: bool = False
    marked: str = ""
    chain: ChipView = NO_CHIP
    detail: EntryDetail | None = None
    notices: tuple[Notice, ...] = ()
    export_busy: str = ""


def journal_columns() -> tuple[Column, ...]:
    """Return the columns of the list of entries."""
    return (
        Column(t("Time"), 212),
        Column(t("What was written"), 330, stretches=True, has_icon=True),
        Column(t("Kind"), 132),
        Column(t("Cashier"), 96),
        Column(t("Number"), 96, is_figure=True),
    )


def value_columns() -> tuple[Column, ...]:
    """Return the columns of a payload's list."""
    return (Column(t("Field"), 150), Column(t("Value"), 220, stretches=True))


def entry_row(entry: JournalEntry, write: FactWriter, *, is_broken: bool = False) -> TableRow:
    """Write an entry as a row of the list; a broken one and an exception have their colours."""
    tone = Tone.WARNING if entry.kind in EXCEPTIONS else Tone.PLAIN
    kind = known_kind(entry)
    cells = (
        write.moment(entry.at),
        sentence_of_entry(entry, write),
        fact_word(kind) if kind else entry.kind,
        entry.staff,
        write.amounts.count(entry.seq),
    )
    icon = "triangle-alert" if is_broken or kind is None else fact_icon(kind)
    return TableRow(str(entry.seq), cells, Tone.DANGER if is_broken else tone, icon)


def entry_detail(entry: JournalEntry, write: FactWriter, receipt: str, problem: str) -> EntryDetail:
    """Write an entry with everything it says; its signature is not looked at yet."""
    kind = known_kind(entry)
    about = [write.moment(entry.at)]
    if entry.staff:
        about.append(t("cashier {staff}").format(staff=entry.staff))
    about.append(t("till {till}").format(till=entry.till))
    count = write.amounts.count(entry.seq)
    word = fact_word(kind) if kind else entry.kind
    return EntryDetail(
        seq=entry.seq,
        title=t("Entry {count}: {word}").format(count=count, word=word),
        sentence=sentence_of_entry(entry, write),
        about=" · ".join(about),
        values=_rows(values_of(entry.payload, write)),
        proof=proof_rows(entry, t("being checked …")),
        raw=entry.payload,
        receipt=receipt,
        problem=problem,
    )


def proof_rows(entry: JournalEntry, signature: str) -> Rows:
    """Return what proves an entry, with the state of its signature in words."""
    return _rows(
        [
            (0, t("Signature"), signature),
            (0, t("Key number"), str(entry.epoch)),
            (0, t("Hash"), entry.hash),
            (0, t("Hash before"), entry.prev),
            (0, t("Id"), entry.id),
            (0, t("Written (UTC)"), entry.at),
            (0, t("Signature bytes"), entry.signature.hex()),
        ]
    )


def signature_words(is_right: bool | None) -> str:
    """Say whether an entry's signature is the till's."""
    if is_right is None:
        return t("cannot be checked: the store has no key of that number")
    return t("right: this till's key signed it") if is_right else t("wrong: not this till's key")


def break_words(broken: ChainBreak, amounts: AmountFormat) -> str:
    """Say what is wrong with the chain at an entry."""
    told = {
        Break.GAP: t("Entry {missing} is missing before entry {entry}."),
        Break.LOOSE: t("Entry {entry} does not follow the entry before it."),
        Break.CHANGED: t("Entry {entry} was changed after it was written."),
    }[broken.kind]
    expected = amounts.count(broken.expected)
    return told.format(entry=amounts.count(broken.seq), missing=expected)


def chain_chip(
    chain: ChainState, head: int, amounts: AmountFormat, reached: int | None = None
) -> ChipView:
    """Return the chip that says how far the chain is whole; a broken one leads to the entry.

    While it is still checked, `reached` is the entry that the check is at.
    """
    hint = t(
        "Every entry's hash and its place after the one before. Settings, Data, “Check now” also "
        "checks signatures, documents and sums."
    )
    if chain.breaks:
        words = t("Chain broken at entry {entry}").format(entry=amounts.count(chain.breaks[0].seq))
        told = "\n".join(break_words(one, amounts) for one in chain.breaks[:5])
        return ChipView("chain", words, "triangle-alert", Tone.DANGER, told, is_button=True)
    if reached is not None:
        words = t("Checking the chain: {done} of {total}")
        said = words.format(done=amounts.count(reached), total=amounts.count(head))
        return ChipView("chain", said, "hourglass", Tone.PLAIN, hint)
    words = t("Chain verified up to entry {entry}").format(entry=amounts.count(chain.up_to))
    return ChipView("chain", words, "shield-check", Tone.SUCCESS, hint)


def group_chips() -> tuple[CategoryView, ...]:
    """Return the groups of kinds to choose from."""
    groups = tuple(CategoryView(group.value, group_word(group)) for group in FactGroup)
    return (CategoryView(ALL, t("All")), *groups)


def known_kind(entry: JournalEntry) -> FactKind | None:
    """Return an entry's kind, None for one of another version of the program."""
    try:
        return FactKind(entry.kind)
    except ValueError:
        return None


def _rows(values: list[tuple[int, str, str]]) -> Rows:
    rows = [
        TableRow(str(place), (_STEP * depth + name, bare(value)))
        for place, (depth, name, value) in enumerate(values)
    ]
    return FixedRows(tuple(rows))
