"""How the columns of a list share its width: left out where there is no room, wider where there is.

The far columns go first, so what matters stands near the beginning.
"""

from collections.abc import Sequence

from pos_app.ui.views import Column
from pos_app.ui.widgets.table_view import TableView

_WIDEN_PERCENT = 40


def fit_columns(table: TableView, columns: Sequence[Column]) -> None:
    """Fit `columns` into what is in sight of `table`; the first two always stay."""
    room = table.viewport().width()
    spare = room - sum(column.width for column in columns)
    wider = min(max(spare, 0) * 100 // max(room, 1), _WIDEN_PERCENT)
    if any(column.stretches for column in columns):
        wider //= 2  # the one that stretches holds names, which need it most
    needed = 0
    for place, column in enumerate(columns):
        needed += column.width
        if not column.stretches:
            table.setColumnWidth(place, column.width * (100 + wider) // 100)
        table.setColumnHidden(place, place > 1 and needed > room)
    has_stretch = any(
        column.stretches and not table.isColumnHidden(place) for place, column in enumerate(columns)
    )
    table.horizontalHeader().setStretchLastSection(not has_stretch)
