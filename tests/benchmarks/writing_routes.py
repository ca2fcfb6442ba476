"""The floor of the sales APIs: a FastAPI application whose routes only write and read rows.

`python writing_routes.py CONNINFO ROWS PORT` serves until it is ended. ROWS is a JSON file: what
each `/write/NAME` writes, by table, and the statement by which each `/read/NAME` reads JSON.
"""

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import psycopg
import uvicorn
from fastapi import Body, FastAPI
from sqlalchemy import create_engine, insert, text

from pos_app.server.tables import metadata

Rows = dict[str, list[dict[str, Any]]]


def main(conninfo: str, rows: Path, port: int) -> None:
    told = json.loads(rows.read_text("utf-8"))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), pool_size=5
    )
    app = FastAPI()
    companies = count(1)

    def write(name: str, body: dict[str, Any] = Body()) -> dict[str, bool]:  # noqa: B008
        """Write the rows under a company of their own, so that no key is taken."""
        company = f"floor {next(companies)}"
        with engine.begin() as connection:
            for table, several in told["write"][name]:
                fresh = [{**read(row), "company_id": company} for row in several]
                connection.execute(insert(metadata.tables[table]), fresh)
        return {"data": bool(body)}

    def read_some(name: str) -> dict[str, Any]:
        with engine.connect() as connection:
            states = connection.execute(text(told["read"][name])).scalars()
            return {"items": [json.loads(one) for one in states]}

    app.post("/write/{name}")(write)
    app.get("/read/{name}")(read_some)
    uvicorn.run(app, port=port, log_config=None, access_log=False)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as JSON can hold it."""
    return {k: {"hex": v.hex()} if isinstance(v, bytes) else v for k, v in row.items()}


def read(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it was."""
    return {k: bytes.fromhex(v["hex"]) if isinstance(v, dict) else v for k, v in row.items()}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
