"""Reads head office's pages as a browser without scripts does, for tests."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx2

from pos_app.server.web.forms import TOKEN
from tests.server.serving import Served


@dataclass
class PageRead(HTMLParser):
    """A page's forms as {field: values} by action, and its words."""

    html: str
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._form: dict[str, list[str]] | None = None
        self._area = self._select = ""
        self.feed(self.html)

    @property
    def told(self) -> str:
        """The words of the page without those of its menu, in one line."""
        return " ".join(self.words.rpartition("API keys")[2].split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form":
            self._form = self.forms.setdefault(told.get("action") or "", {})
        if self._form is None:
            return
        if tag == "input" and (told.get("type") != "checkbox" or "checked" in told):
            self._form.setdefault(name, []).append(told.get("value") or "")
        if tag == "textarea":
            self._area = name
            self._form[name] = [""]
        if tag == "select":
            self._select = name
        if tag == "option" and ("selected" in told or self._select not in self._form):
            self._form[self._select] = [told.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._area and self._form is not None:
            self._form[self._area][0] += data


class Reader:
    """Somebody with a browser without scripts, signed in."""

    def __init__(self, served: Served, token: str) -> None:
        self.client = served.client()
        self.client.cookies.set("office_session", token)
        self.url = served.url

    def page(self, path: str, status: int = 200) -> PageRead:
        """Look at a page."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
        return PageRead(answer.text)

    def send(self, path: str, status: int = 303, **typed: Any) -> httpx2.Response:
        """Fill in the form of a page that goes to the page itself and send it."""
        action, fields = self.form(path)
        return self.post(action, fields, status, **typed)

    def form(self, path: str) -> tuple[str, dict[str, list[str]]]:
        """Return where the form of a page goes, and what stands in it."""
        forms = self.page(path).forms
        bare = path.partition("?")[0]
        return next(
            (action, fields)
            for action, fields in forms.items()
            if TOKEN in fields and action.partition("?")[0] == bare
        )

    def post(
        self, path: str, fields: dict[str, list[str]], status: int = 303, **typed: Any
    ) -> httpx2.Response:
        """Send a form with some fields typed anew; None takes a field away."""
        sent = {**fields, **{name.replace("__", "-"): value for name, value in typed.items()}}
        sent = {name: value for name, value in sent.items() if value is not None}
        answer = self.client.post(path, data=sent, headers={"Origin": self.url})
        assert answer.status_code == status, (path, answer.status_code, PageRead(answer.text).told)
        return answer

    def token(self) -> str:
        """Return the token of this reader's forms."""
        return self.page("/office/categories/edit").forms["/office/categories/edit"][TOKEN][0]


def reader(served: Served, *, email: str = "", password: str = "") -> Reader:
    """Return somebody who is signed in: the owner unless somebody else is named."""
    return Reader(served, served.sign_in(email, password) if email else served.sign_in())
