"""Everything that the sheet shows on which a document is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos_app.ui.presenters.document_editor_pricing import NOTHING, Totals
from pos_app.ui.views import SearchHit


@dataclass(frozen=True, slots=True)
class EditorState:
    """Everything on the sheet; `texts` and `errors` by field, those of the line after `line.`."""

    title: str
    texts: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    customer_about: str = ""
    customer_hits: tuple[SearchHit, ...] = ()
    product_hits: tuple[SearchHit, ...] = ()
    looked_for: str = ""
    marked: int = -1
    serial: int = 0
    totals: Totals = NOTHING
    is_busy: bool = False
    can_bring_back: bool = False
    message: str = ""
    is_refused: bool = False
