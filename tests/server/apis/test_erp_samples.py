"""Chapters 3 to 5 of the ERP sales module: every published request, word for word.

The published answers are compared name by name, kind by kind and value by value. What differs in
value is listed here with its reason; names and kinds never do.
"""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.server.api_keys import Api
from pos_app.server.database import open_office
from pos_app.server.samples import make_samples
from tests.server.apis.api_shops import UNLIMITED
from tests.server.apis.erp_offices import token_of
from tests.server.apis.transcripts import DATA
from tests.server.offices import NOW, Template
from tests.server.serving import Served, serve

IDS = {"customers": "customer-001", "quotations": "quotation-001", "orders": "order-001"}
# What has to be done first, because the published document has passed that state.
BEFORE = {"4.7": ["4.6"], "5.8": ["5.6"]}
# A fresh company was filled today, has other counts, and its documents wait as drafts so that all
# that is published can be done with them. The sample order has two lines: both published names.
DIFFERS = {
    "3.1": {"total", "createdAt", "updatedAt"},
    "3.2": {"createdAt", "updatedAt"},
    "3.3": {"id", "customerNo"},
    "4.1": {"total", "expiryDate", "status", "updatedAt"},
    "4.2": {"expiryDate", "status", "updatedAt"},
    "4.3": {"id", "quotationNo"},
    "4.7": {"orderId", "orderNo"},
    "5.1": {"total", "totalAmount", "status", "updatedAt"},
    "5.2": {"totalAmount", "status", "updatedAt"},
    "5.3": {"id", "orderNo"},
    "5.8": {"deliveryId", "deliveryNo"},
}
SAID_LIKE = {
    "customerNo": r"CUS[0-9]{3}",
    "quotationNo": r"QT2023060002",
    "orderNo": r"SO20230[67][0-9]{4}",
    "deliveryNo": r"DL202306[0-9]{4}",
    "createdAt": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "updatedAt": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "expiryDate": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "status": "draft",
}
FILES = {path.name.partition("-")[0]: path for path in sorted((DATA / "erp").glob("[345].*.json"))}


@pytest.fixture(scope="module")
def samples(
    sqlite_template: Template, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A database with a company of samples, and its key for the ERP."""
    path = tmp_path_factory.mktemp("samples") / "head_office.db"
    shutil.copyfile(sqlite_template.place, path)
    office = open_office(f"sqlite:///{path}")
    founded = sqlite_template.founded
    with office.company(founded.company_id) as connection:
        made = make_samples(connection, founded.company_id, founded.shop, NOW)
    office.close()
    return path, made.key(Api.ERP)


@pytest.fixture
def served(samples: tuple[Path, str], tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A fresh company of samples, and a token."""
    path, key = samples
    copy = tmp_path / "head_office.db"
    shutil.copyfile(path, copy)
    office = open_office(f"sqlite:///{copy}")
    with serve(office, UNLIMITED, now=lambda: NOW + timedelta(minutes=1)) as found:
        yield found, token_of(found, key)
    office.close()


def test_every_call_of_the_three_chapters_has_its_file() -> None:
    counted = [sum(name.startswith(chapter) for name in FILES) for chapter in "345"]
    assert counted == [6, 7, 8]


@pytest.mark.parametrize("name", FILES)
def test_the_published_request_gets_the_published_answer(
    name: str, served: tuple[Served, str]
) -> None:
    office, token = served
    with office.client(token) as client:
        for one in (*BEFORE.get(name, ()), name):
            sample = json.loads(FILES[one].read_text(encoding="utf-8"))
            path = sample["path"].replace("{id}", IDS[sample["path"].split("/")[4]])
            body = sample["request"]
            sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
            answer = client.request(sample["method"], path, content=sent)
            assert answer.status_code == 200, answer.text
        assert same(sample["response"], answer.json(), DIFFERS.get(name, set())) == []


def same(published: Any, ours: Any, differs: set[str], at: str = "") -> list[str]:
    """Return where our answer is another than the published one."""
    if isinstance(published, dict):
        if not isinstance(ours, dict) or set(published) != set(ours):
            return [f"{at}: {sorted(published)} is {ours!r}"]
        return [
            fault
            for name in published
            for fault in same(published[name], ours[name], differs, f"{at}.{name}")
        ]
    if isinstance(published, list):
        if not isinstance(ours, list) or not ours:
            return [f"{at}: {published!r} is {ours!r}"]
        return same(published[0], ours[0], differs, f"{at}[0]")
    if kind_of(published) != kind_of(ours):
        return [f"{at}: {published!r} is {ours!r}"]
    name = at.rpartition(".")[2]
    if name not in differs:
        return [] if published == ours else [f"{at}: {published!r} is {ours!r}"]
    like = SAID_LIKE.get(name)
    is_like = like is None or re.fullmatch(like, str(ours))
    return [] if is_like else [f"{at}: {ours!r} is not like {like}"]


def kind_of(value: Any) -> str:
    """Return what JSON calls a value."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else type(value).__name__
