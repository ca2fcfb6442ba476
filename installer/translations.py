"""Bring the catalogues up to date: `.venv/bin/python installer/translations.py`.

Reads every text that the program shows to people out of its syntax trees and out of
the templates of head office's pages, merges the texts into
`resources/locale/<language>/LC_MESSAGES/pos_app.po` (translations stay, new texts come with an
empty one, texts that are gone go), compiles each `.mo` and lists what is still to be translated.
The exit status is 1 while something is.
"""

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "resources" / "locale"
TEMPLATES = ROOT / "resources" / "web" / "templates"
LANGUAGES = ("de", "ar")
# The place of the text among the arguments of the functions that translate or mark it.
TRANSLATES = {"t": 0, "t_in": 1, "later": 0, "in_words": 0}
REFUSAL = "PosError"

Places = dict[str, set[str]]


def main() -> int:
    """Merge and compile every language; say what is new."""
    texts = every_text()
    missing = 0
    for language in LANGUAGES:
        path = catalogue_path(language)
        known = read(path)
        catalog = catalogue(language, texts, known)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(catalog))
        path.with_suffix(".mo").write_bytes(as_mo(catalog))
        new = [text for text in texts if not known.get(text)]
        missing += len(new)
        print(f"{language}: {len(texts)} texts, {len(new)} without a translation")
        for text in new:
            print(f"  {text!r}  ({', '.join(sorted(texts[text]))})")
    return 1 if missing else 0


def catalogue_path(language: str) -> Path:
    """Return where a language's translations are written."""
    return LOCALE / language / "LC_MESSAGES" / "pos_app.po"


def every_text() -> Places:
    """Return every text for people in the program and its templates, with the files it is in."""
    places = collect(ROOT / "pos_app")
    for text, names in collect_templates(TEMPLATES).items():
        places.setdefault(text, set()).update(names)
    return places


def collect_templates(folder: Path) -> Places:
    """Return the constant texts given to `t` in the templates of a folder, also of `a if b else c`.

    Raises ValueError for a text that is put together, which nobody could translate.
    """
    places: Places = {}
    for path in sorted(folder.glob("*.html")):
        name = f"resources/web/templates/{path.name}"
        for text in _texts_of_template(path.read_text("utf-8"), name):
            places.setdefault(text, set()).add(name)
    return places


def _texts_of_template(source: str, name: str) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != "t" or not call.args:
            continue
        given = call.args[0]
        if isinstance(given, nodes.Concat | nodes.Add | nodes.Mod):
            told = f"{name}:{call.lineno}: a text that is put together"
            raise ValueError(told)  # noqa: TRY004 - its value is wrong, not its type
        yield from _constants_of_template(given)


def _constants_of_template(node: nodes.Expr) -> Iterator[str]:
    if isinstance(node, nodes.CondExpr):
        yield from _constants_of_template(node.expr1)
        if node.expr2 is not None:
            yield from _constants_of_template(node.expr2)
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value


def collect(folder: Path) -> Places:
    """Return every text for people in the files of the program, with the files it is in.

    They are the constant texts given to `t`, `t_in` and `later`, and the class-level `sentence` of
    each refusal.
    """
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(folder.rglob("*.py"))}
    refusals = _refusals(trees.values())
    places: Places = {}
    for path, tree in trees.items():
        name = path.relative_to(folder.parent).as_posix()
        for text in (*_given_texts(tree), *_sentences(tree, refusals)):
            if text:
                places.setdefault(text, set()).add(name)
    return places


def _given_texts(tree: ast.Module) -> Iterator[str]:
    """Yield the constant texts that are handed to a function that translates."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        place = TRANSLATES.get(called)
        if place is not None and len(node.args) > place:
            yield from _constants(node.args[place])


def _constants(node: ast.expr) -> Iterator[str]:
    """Yield a constant text, or both of `a if … else b`."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _sentences(tree: ast.Module, refusals: set[str]) -> Iterator[str]:
    """Yield the own sentences of the refusals in a file; inherited ones are told where they are."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef) or node.name not in refusals:
            continue
        for statement in node.body:
            if isinstance(statement, ast.Assign):
                names = [ast.unparse(target) for target in statement.targets]
            elif isinstance(statement, ast.AnnAssign):
                names = [ast.unparse(statement.target)]
            else:
                continue
            if "sentence" in names and statement.value is not None:
                yield from _constants(statement.value)


def _refusals(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of all classes that descend from the refusal at the root."""
    parents = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {REFUSAL}
    while True:
        more = {name for name, bases in parents.items() if bases & known} - known
        if not more:
            return known
        known |= more


def read(path: Path) -> dict[str, str]:
    """Return the translations at `path` by their text; none where there is no file yet."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    return {str(one.id): str(one.string) for one in catalog if one.id and not one.fuzzy}


class _Catalog(Catalog):
    """A catalogue whose head names the language and the encoding, and no date, person or tool."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def catalogue(language: str, texts: Places, known: dict[str, str]) -> Catalog:
    """Return a catalogue of exactly `texts`, in order of their files, translated where known."""
    catalog = _Catalog(locale=language, header_comment="", charset="utf-8", fuzzy=False)
    for text in sorted(texts, key=lambda text: (min(texts[text], default=""), text)):
        places = [(place, 0) for place in sorted(texts[text])]
        catalog.add(text, known.get(text, ""), locations=places)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """Return the catalogue as it is written for people."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """Return the catalogue as gettext reads it; the same translations make the same bytes."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
