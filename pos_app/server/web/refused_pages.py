"""Refusals as pages: who is not signed in is led to the door, everybody else reads a sentence."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from pos_app.domain.errors import PosError
from pos_app.domain.words import later
from pos_app.server.accounts import NotSignedIn
from pos_app.server.visitors import PasswordFirst
from pos_app.server.web.showing import PAGE_HEADERS, show
from pos_app.server.web.visits import Visit, visit_of

TITLES = {
    403: later("Not allowed"),
    404: later("Not found"),
    429: later("Too many requests"),
    503: later("Out of order"),
}


def is_page(path: str) -> bool:
    """Whether an address is that of a page, not of a route for programs."""
    return path == "/office" or (
        path.startswith("/office/") and not path.startswith(("/office/v1/", "/office/static/"))
    )


def refused_as_page(
    request: Request, status: int, message: str, failure: PosError | None
) -> Response | None:
    """Return a refusal as a page where a page was asked for, else None."""
    if not is_page(request.url.path):
        return None
    if isinstance(failure, NotSignedIn):
        return RedirectResponse(f"/office/sign-in{_back_to(request)}", 303, PAGE_HEADERS)
    if isinstance(failure, PasswordFirst):
        return RedirectResponse("/office/password", 303, PAGE_HEADERS)
    visit: Visit = getattr(request.state, "visit", None) or visit_of(request)
    title = TITLES.get(status, later("That did not work"))
    return show(visit, "refused.html", status, title=title, told=failure or message)


def _back_to(request: Request) -> str:
    """Ask to come back to a page that somebody wanted to see."""
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    is_worth_it = path != "/office/" and not path.startswith("/office/sign-in")
    return f"?next={quote(path, safe='')}" if request.method == "GET" and is_worth_it else ""
