"""Changes of quotations and orders that are there: written anew, decided, deleted; or unsayable."""

from collections.abc import Callable, Set

from pos_app.sync.dialect import Ask, Known, LookUp, NotSayable, Step
from pos_app.sync.dialects.erp_lines import same_items
from pos_app.sync.dialects.erp_replies import Row, find_gone, find_state, judge_done, text_of

ITEM = ("productId", "quantity", "unitPrice")
Path = Callable[[Known], str]


def putting(key: str, path: Path, write: Callable[[Known], Row]) -> Step:
    """Return the step that writes a draft anew."""

    def look_up(known: Known) -> LookUp:
        sent = write(known)

        def is_same(row: Row) -> bool:
            has_remarks = text_of(row.get("remarks")) == sent["remarks"].strip()
            return has_remarks and same_items(sent["items"], row.get("items"), *ITEM)

        return find_state(path(known), is_same, lambda _row: True)

    return Step(
        key,
        lambda known: Ask("PUT", path(known), body=write(known), is_change=True),
        judge_done,
        look_up,
    )


def deciding(
    key: str,
    path: Path,
    is_approved: bool,
    words: str,
    *,
    leads_to: Set[str],
    comes_from: Set[str],
) -> Step:
    """Return the step that decides something; the states say whether that was done."""
    body = {"approved": is_approved, "remarks": words}
    return Step(
        key,
        lambda known: Ask("POST", f"{path(known)}/approve", body=body, is_change=True),
        judge_done,
        lambda known: find_state(
            path(known),
            lambda row: row.get("status") in leads_to,
            lambda row: row.get("status") in comes_from,
        ),
    )


def deleting(key: str, path: Path) -> Step:
    """Return the step that deletes a draft."""
    return Step(
        key,
        lambda known: Ask("DELETE", path(known), is_change=True),
        judge_done,
        lambda known: find_gone(path(known)),
    )


def refusing(key: str, refusal: NotSayable) -> Step:
    """Return the step of what the API has no call for; it raises `refusal`."""

    def refuse(known: Known) -> Ask:
        del known
        raise refusal

    return Step(key, refuse, judge_done)
