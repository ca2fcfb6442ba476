"""What a page's form sends, and that it was a form of ours: its token and where it comes from."""

import hmac
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Request

from pos_app.domain.errors import PosError
from pos_app.domain.words import Later, later
from pos_app.server.visitors import serving_of
from pos_app.server.web.cookies import csrf_of

TOKEN = "form_token"  # noqa: S105 - the name of the field, not a secret
FIELDS_MOST = 5_000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NEEDED = later("Fill this in.")
NO_NUMBER = later("Write a number, such as 12.50.")
NO_WHOLE_NUMBER = later("Write a whole number.")
_GROUPED = re.compile(r"[\s\u00a0\u202f']")


class FormStrange(PosError):
    """A form that did not come from one of our pages, or from one that is too old."""

    sentence = "This page was too old to be sent. Go back, reload it and send it again."


@dataclass(slots=True)
class Problems:
    """What is wrong with a form: a sentence for each field, in English until it is shown."""

    by_field: dict[str, str | PosError] = field(default_factory=dict)

    def add(self, name: str, sentence: str | PosError) -> None:
        """Say what is wrong with a field; the first sentence stays. An empty name is the form."""
        self.by_field.setdefault(name, sentence)

    def __bool__(self) -> bool:
        return bool(self.by_field)


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, as they were typed; texts are stripped of blanks at both ends."""

    fields: dict[str, list[str]]

    def text(self, name: str, problems: Problems | None = None, *, most: int = 2_000) -> str:
        """Return a field's text; with `problems` it must not be empty."""
        found = _clean(self.fields.get(name, [""])[0])[:most]
        if not found and problems is not None:
            problems.add(name, NEEDED)
        return found

    def raw(self, name: str) -> str:
        """Return a field exactly as typed, as a password wants it."""
        return self.fields.get(name, [""])[0]

    def decimal(self, name: str, problems: Problems) -> Decimal | None:
        """Return a number typed with a point or a comma; None where there is none.

        The last point or comma parts the decimals, so 1.234,50 and 1,234.50 are the same number.
        """
        typed = self.text(name)
        if not typed:
            return None
        try:
            found = Decimal(_plain_number(typed))
        except InvalidOperation:
            problems.add(name, NO_NUMBER)
            return None
        if not found.is_finite() or abs(found) >= Decimal(10) ** 12:
            problems.add(name, NO_NUMBER)
            return None
        return found

    def whole(self, name: str, problems: Problems) -> int | None:
        """Return a whole number; None where there is none."""
        typed = _GROUPED.sub("", self.text(name))
        if not typed:
            return None
        if not re.fullmatch(r"-?[0-9]{1,12}", typed):
            problems.add(name, NO_WHOLE_NUMBER)
            return None
        return int(typed)

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.text(name))

    def every(self, name: str) -> list[str]:
        """Return every value of a field that may come more than once."""
        return [_clean(one) for one in self.fields.get(name, [])]


def page_router() -> APIRouter:
    """Return a router for pages under /office: no form is taken that is not one of ours."""
    return APIRouter(prefix="/office", include_in_schema=False, dependencies=[Depends(check_form)])


async def check_form(request: Request) -> None:
    """Read a form and refuse one that is not ours; raises FormStrange."""
    request.state.posted = Posted({})
    if request.method in SAFE:
        return
    posted = Posted(_read(await request.body()))
    if not _is_from_here(request) or not _has_token(request, posted):
        raise FormStrange()
    request.state.posted = posted


def _posted(request: Request) -> Posted:
    found: Posted = request.state.posted
    return found


Form = Annotated[Posted, Depends(_posted)]


def _read(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MOST,
        )
    except ValueError as failure:  # also what is no UTF-8
        raise FormStrange() from failure


def _has_token(request: Request, posted: Posted) -> bool:
    return hmac.compare_digest(posted.raw(TOKEN).encode(), csrf_of(request).encode())


def _is_from_here(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    try:
        origin = urlsplit(request.headers.get("origin", ""))
    except ValueError:  # no browser says so
        return False
    public = urlsplit(serving_of(request).settings.public_url).netloc
    return bool(origin.netloc) and origin.netloc in {request.headers.get("host", ""), public}


def _clean(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()


def _plain_number(typed: str) -> str:
    text = _GROUPED.sub("", typed).replace("\u2212", "-")
    whole, sign, rest = _parted(text)
    if re.search("[_eE]", text):  # 1e-999999 is a number, and its digits fill a page
        raise InvalidOperation
    return whole.replace(".", "").replace(",", "") + ("." + rest if sign else "")


def _parted(text: str) -> tuple[str, str, str]:
    last = max(text.rfind("."), text.rfind(","))
    return (text, "", "") if last < 0 else (text[:last], text[last], text[last + 1 :])


__all__ = ["Form", "FormStrange", "Later", "Posted", "Problems", "page_router"]
