"""What a page of the settings shows when its draft is typed in, refused or saved.

Each function returns the parts of the page's state that change, by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pos_app.domain.errors import PosError
from pos_app.texts import t
from pos_app.ui.presenters.amounts import AmountFormat
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Tone

Settings = TypeVar("Settings")


def typed(draft: Any, errors: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Take over what was typed, chosen or ticked, by field; its error goes away."""
    left = {name: error for name, error in errors.items() if name not in values}
    return {"draft": replace(draft, **values), "errors": left, "is_changed": True, "result": ""}


def why_not_saved(
    made: Settings,
    refusals: Mapping[str, PosError],
    save: Callable[[Settings], str],
    amounts: AmountFormat,
) -> dict[str, Any]:
    """Save the settings unless a field is refused; return what stopped it, empty when saved.

    `save` returns what went wrong as a sentence, or nothing.
    """
    if refusals:
        errors = {name: sentence_of(refusal, amounts) for name, refusal in refusals.items()}
        told = t("Please look at the fields marked red. Nothing is lost.")
        return {"errors": errors, "result": told, "result_tone": Tone.DANGER}
    problem = save(made)
    return {"result": problem, "result_tone": Tone.DANGER} if problem else {}


def saved() -> dict[str, Any]:
    """Say that the page is saved."""
    return {"result": t("Saved."), "result_tone": Tone.SUCCESS}
