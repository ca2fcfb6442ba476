"""The published sample programs of Add Sale, run as they are but for the address and the key."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_app.server.api_keys import Api
from pos_app.server.database import Office
from pos_app.server.series import give_number
from tests.server.apis.api_shops import ApiShop, shop_served
from tests.server.apis.transcripts import DATA, differences, transcript

NODE_FOLDER = Path(__file__).resolve().parents[2] / "node"
PUBLISHED = "https://api.xtrakit.com"
LIMIT_S = 120


@pytest.fixture
def shop(sqlite_office: Office, company_id: str) -> Iterator[ApiShop]:
    with shop_served(sqlite_office, company_id, Api.XTRAKIT) as served:
        with served.desk() as desk:
            give_number(desk.connection, company_id, "customer", 42, "customer-001")
        yield served


def program(shop: ApiShop, language: str, key: str = "") -> str:
    """Return a published program with our address and key in it."""
    published = (DATA / "add_sale" / f"sample.{language}.txt").read_text("utf-8")
    assert PUBLISHED in published
    ours = published.replace(PUBLISHED, shop.served.url)
    return ours.replace("Bearer API_KEY", f"Bearer {key or shop.key}")


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "NO_PROXY": "*", "no_proxy": "*", **environment}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, env=surroundings, check=False
    )


def check_added(shop: ApiShop, answer: Any) -> None:
    published = transcript("add_sale", "add-sale")["response"]
    assert differences(published["data"]["sales-payment"], answer["data"]["sales-payment"]) == []
    assert (answer["status"], answer["message"]) == (200, "Sale added successfully")
    assert answer["data"]["sales"]["invoice_number"] == "INV-000001"
    assert shop.told()[-2:] == ["invoice_issued", "invoice_paid"]


def test_the_python_program_adds_its_sale(shop: ApiShop, tmp_path: Path) -> None:
    pytest.importorskip("requests")
    path = tmp_path / "sample.py"
    path.write_text(program(shop, "python"), "utf-8")
    done = run([sys.executable, str(path)])
    assert done.returncode == 0, done.stderr
    check_added(shop, ast.literal_eval(done.stdout))


def test_the_python_program_shows_what_a_wrong_key_is_told(shop: ApiShop, tmp_path: Path) -> None:
    pytest.importorskip("requests")
    path = tmp_path / "sample.py"
    path.write_text(program(shop, "python", "wrong"), "utf-8")
    done = run([sys.executable, str(path)])
    assert ast.literal_eval(done.stdout) == transcript("add_sale", "invalid-key")["response"]


def test_the_node_program_adds_its_sale(shop: ApiShop, tmp_path: Path) -> None:
    node = shutil.which("node")
    packages = NODE_FOLDER / "node_modules"
    if node is None or not (packages / "axios").is_dir():
        pytest.skip("Node.js and axios are not on this machine")
    path = tmp_path / "sample.js"
    path.write_text(program(shop, "node"), "utf-8")
    done = run([node, str(path)], NODE_PATH=str(packages))
    assert done.returncode == 0, done.stderr
    assert done.stdout, done.stderr
    check_added(shop, json.loads(done.stdout))


def php_fields() -> dict[str, str]:
    """Return what the PHP program posts."""
    text = (DATA / "add_sale" / "sample.php.txt").read_text("utf-8")
    fields = dict(re.findall(r'"(\w+)" => "([^"]*)"', text))
    assert fields == transcript("add_sale", "add-sale")["request"]
    return fields


@pytest.mark.parametrize("disposition", ["form-data", "attachment"])
def test_what_the_php_program_posts_adds_its_sale(shop: ApiShop, disposition: str) -> None:
    """Curl writes `attachment` where the program itself named another type than form data."""
    boundary = "-" * 24 + "94bf69e1e3d9ea7f"
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: {disposition}; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in php_fields().items()
    )
    headers = {"Content-Type": f"application/json; boundary={boundary}"}
    answer = shop.client.post(
        "/api/v1/sales/add", content=f"{body}--{boundary}--\r\n", headers=headers
    )
    check_added(shop, answer.json())


def test_curl_itself_posts_like_the_php_program(shop: ApiShop) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not on this machine")
    fields = [word for name, value in php_fields().items() for word in ("-F", f"{name}={value}")]
    heads = ["-H", f"Authorization: Bearer {shop.key}", "-H", "Content-Type: application/json"]
    url = f"{shop.served.url}/api/v1/sales/add"
    done = run([curl, "--silent", "--noproxy", "*", *heads, *fields, url])
    assert done.returncode == 0, done.stderr
    check_added(shop, json.loads(done.stdout))
