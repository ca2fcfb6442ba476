"""No file of one dialect reads a file of another one: `erp_orders` belongs to `erp`, and so on."""

import ast
from pathlib import Path

import pytest

from pos_app.sync import dialects

FOLDER = Path(str(dialects.__file__)).parent
ROOM = "pos_app.sync.dialects."
FAMILIES = ("add_sale", "data_feed", "erp", "retail_sale", "sales_api")
FILES = sorted(path for path in FOLDER.glob("*.py") if path.stem != "__init__")


def family_of(name: str) -> str:
    (found,) = [one for one in FAMILIES if name == one or name.startswith(f"{one}_")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dialect_reads_its_own_files_only(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    read = {
        node.module.removeprefix(ROOM)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROOM)
    }
    assert {family_of(name) for name in read} <= {family_of(path.stem)}
