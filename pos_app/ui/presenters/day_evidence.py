"""How the day's panel tells of what leaves no document: the moment, a sentence, what it came to."""

from collections.abc import Callable, Sequence

from pos_app.domain.report_period import ReportPeriod
from pos_app.services.day_evidence import Evidence
from pos_app.texts import t
from pos_app.ui.presenters.day_state import BarRow
from pos_app.ui.presenters.day_writing import DayWriting
from pos_app.ui.presenters.fact_sentences import sentence_of_entry
from pos_app.ui.presenters.fact_told import FactWriter
from pos_app.ui.presenters.refusals import isolated

Told = tuple[Evidence, str]  # with its sentence


def told(found: Sequence[Evidence], writer: Callable[[], FactWriter]) -> list[Told]:
    """Say in a sentence what each tells; looks names up, so not in the thread of the screen."""
    if not found:
        return []
    write = writer()
    return [(one, _sentence(one, write)) for one in found]


def evidence_row(place: int, one: Told, say: DayWriting, period: ReportPeriod) -> BarRow:
    """Return the row of what stands at a place in the panel; its key is that place."""
    evidence, sentence = one
    parts = (
        isolated(say.moment(evidence.at, period)),
        isolated(say.money(evidence.amount)) if evidence.amount else "",
        isolated(evidence.staff),
        t("Receipt {number}").format(number=isolated(evidence.number)) if evidence.number else "",
    )
    return BarRow(str(place), sentence, "", " · ".join(part for part in parts if part))


def evidence_about(count: int, say: DayWriting, *, has_more: bool) -> str:
    """Say how many there are."""
    if not count:
        return t("Nothing of the kind is known.")
    if has_more:
        return t("The latest {count}").format(count=say.count(count))
    return t("Once") if count == 1 else t("{count} times").format(count=say.count(count))


def _sentence(one: Evidence, write: FactWriter) -> str:
    if one.entry is not None:
        return sentence_of_entry(one.entry, write)
    return t("Discount on {product}").format(product=isolated(one.product))
