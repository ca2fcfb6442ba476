"""What import-linter and ruff cannot say about the tree's shape."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "pos_app").rglob("*.py"))
LONGEST_FILE_LINES = 400
NAMELESS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base"}
DOMAIN_MAY_IMPORT = {
    "__future__",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "string",
    "types",
    "typing",
    "unicodedata",
    "urllib.parse",
    "uuid",
}
# Run by a developer with .venv's own Python, after the set-up.
RUN_IN_THE_ENVIRONMENT = {"translations.py"}
CLOCKS = {"now", "today", "utcnow", "uuid1", "uuid4", "getnode"}
SKIPPED_FOLDERS = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "screenshots",
}
# Written in parts, so that this file does not hold what it looks for.
REGISTRY = re.compile(
    "|".join(
        (
            r"files\.python" + "hosted",
            r"py" + r"pi\.org/(?:simple|packages)",
            r"registry\.npm" + "js",
            r"registry\.yarn" + "pkg",
            r"(?:deb|security)\.deb" + "ian",
        )
    )
)
HOME = re.compile(r"(?<![\w.])/(?:ho" + r"me/\w|ro" + r"ot/|Us" + r"ers/\w|wo" + r"rk/)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def rooms(*names: str) -> list[Path]:
    return [path for path in MODULES if path.relative_to(ROOT / "pos_app").parts[0] in names]


def imported_by(path: Path) -> set[str]:
    """Return the names of all modules outside `pos_app` that a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.partition(".")[0] != "pos_app"}


def calls_in(path: Path) -> set[str]:
    """Return the dotted names of all that a file calls, as they are written."""
    calls = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    return {ast.unparse(call.func) for call in calls}


def tracked_texts() -> list[Path]:
    """Return every text file of the tree that is not made by a tool."""
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if SKIPPED_FOLDERS.intersection(parts) or any(part.endswith(".egg-info") for part in parts):
            continue
        if path.is_file() and b"\0" not in path.read_bytes()[:4096]:
            found.append(path)
    return found


def test_no_file_is_longer_than_a_story() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE_LINES} == {}


def test_every_module_has_a_name_of_its_own() -> None:
    assert [name_of(path) for path in MODULES if path.stem in NAMELESS] == []


def test_every_file_begins_with_a_sentence() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_the_domain_imports_only_pure_parts_of_the_standard_library() -> None:
    foreign = {name_of(path): imported_by(path) - DOMAIN_MAY_IMPORT for path in rooms("domain")}
    assert {name: extra for name, extra in foreign.items() if extra} == {}


def test_the_domain_never_looks_at_a_clock_or_rolls_dice() -> None:
    found = {
        name_of(path): {call for call in calls_in(path) if call.rpartition(".")[2] in CLOCKS}
        for path in rooms("domain")
    }
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_the_domain_holds_no_float() -> None:
    floats = [
        f"{name_of(path)}:{node.lineno}"
        for path in rooms("domain")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "float")
    ]
    assert floats == []


def test_no_screen_sleeps() -> None:
    sleepers = [
        name_of(path)
        for path in rooms("ui", "app")
        if calls_in(path) & {"time.sleep", "sleep", "QThread.sleep", "QThread.msleep"}
    ]
    assert sleepers == []


def test_every_room_is_a_package() -> None:
    folders = {path.parent for path in MODULES}
    lost = {name_of(folder) for folder in folders if not (folder / "__init__.py").exists()}
    assert {name for name in lost if not name.endswith("migrations/versions")} == set()


@pytest.mark.parametrize("pattern", [REGISTRY, HOME], ids=["registry", "home folder"])
def test_the_tree_names_no_address_of_one_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in tracked_texts()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_every_ignored_rule_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    codes = [line for line in lines if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert codes
    assert [line for line in codes if "#" not in line and len(line.split(",")) < 4] == []


def test_the_lock_holds_what_the_program_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {"till": project["dependencies"], "check": [*extras["check"], *extras["build"]]}
    for lock, requirements in wanted.items():
        text = (ROOT / "installer" / "lock" / f"{lock}.txt").read_text("utf-8")
        locked = set(re.findall(r"^([a-z0-9-]+)==", text, flags=re.MULTILINE))
        names = {re.split(r"[^A-Za-z0-9._-]", wish)[0] for wish in requirements}
        missing = {name for name in names if re.sub(r"[-_.]+", "-", name).lower() not in locked}
        assert missing == set(), f"run installer/lock.py: {lock}.txt lacks {missing}"


def test_both_locks_agree_and_hash_every_file() -> None:
    pins: dict[str, dict[str, str]] = {}
    for lock in ("till", "check"):
        text = (ROOT / "installer" / "lock" / f"{lock}.txt").read_text("utf-8")
        pins[lock] = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))
        entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in entry for entry in entries)
        assert "://" not in text
    assert pins["till"].items() <= pins["check"].items()


def test_the_qt_version_that_loses_references_is_kept_out() -> None:
    # PySide6 6.12.0 loses a reference to None at every void call on Python 3.10 and 3.11.
    text = (ROOT / "installer" / "lock" / "till.txt").read_text("utf-8")
    assert "pyside6-essentials==6.12.0" not in text


def test_the_installer_needs_nothing_but_python() -> None:
    allowed = set(sys.stdlib_module_names) | {"installer"}
    imports = {
        f"{name_of(path)} imports {name}"
        for path in (ROOT / "installer").glob("*.py")
        if path.name not in RUN_IN_THE_ENVIRONMENT
        for name in imported_by(path)
        if name.partition(".")[0] not in allowed
    }
    assert imports == set()
