"""Who looks at a page: signed in by a cookie, in which language, and what their role allows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Depends, Request

from pos_app.server.accounts import INVITED, NotSignedIn
from pos_app.server.roles import PERMISSIONS, Action
from pos_app.server.sessions import see_session
from pos_app.server.visitors import PasswordFirst, Serving, Visitor, serving_of, visitor_with
from pos_app.server.web.cookies import LANGUAGE, SESSION, THEME, ZONE, csrf_of, read_cookie
from pos_app.texts import LANGUAGES, t_in

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page: by whom (`known`, None before signing in), in which language and dress.

    `csrf` goes into every form; `zone` is the browser's, in which moments are shown.
    """

    request: Request
    serving: Serving
    now: datetime
    language: str
    theme: str
    zone: ZoneInfo
    csrf: str
    known: Visitor | None = None

    @property
    def visitor(self) -> Visitor:
        """The person who is signed in; raises NotSignedIn."""
        if self.known is None:
            raise NotSignedIn()
        return self.known

    @property
    def company_id(self) -> str:
        """The company that they belong to; raises NotSignedIn."""
        return self.visitor.company_id

    def may(self, action: Action | str | None) -> bool:
        """Whether their role lets them do something; None is for everybody signed in."""
        if self.known is None:
            return False
        return action is None or Action(action) in PERMISSIONS[self.known.account.role]

    def t(self, text: str) -> str:
        """Return a text in their language."""
        return t_in(self.language, text)


@dataclass(frozen=True, slots=True)
class PagePermit:
    """Lets somebody see a page who is signed in and may do `action`."""

    action: Action | None
    also_invited: bool = False

    def __call__(self, request: Request) -> Visit:
        """Return the visit; raises NotSignedIn, NotAllowed, PasswordFirst."""
        token = read_cookie(request, SESSION)
        if not token:
            raise NotSignedIn()
        known = visitor_with(request, token, self.action)
        if known.account.state == INVITED and not self.also_invited:
            raise PasswordFirst()
        see_session(known.serving.office, known.company_id, token, known.now)
        return visit_of(request, known)


def page_for(action: Action | None, *, also_invited: bool = False) -> Any:
    """Declare what a page's visitor must be allowed to do.

    Who has a one-time password only comes to pages that are theirs too: `also_invited`.
    """
    return Depends(PagePermit(action, also_invited))


def visit_of(request: Request, known: Visitor | None = None) -> Visit:
    """Return a visit of somebody, or of nobody that we know."""
    serving = serving_of(request)
    visit = Visit(
        request,
        serving,
        serving.now(),
        language_of(request),
        theme_of(request),
        _zone_of(request),
        csrf_of(request),
        known,
    )
    request.state.visit = visit
    return visit


def language_of(request: Request) -> str:
    """Return the language that somebody chose, or the first that their browser asks for."""
    chosen = read_cookie(request, LANGUAGE)
    if chosen in LANGUAGES:
        return chosen
    wanted: list[tuple[float, str]] = []
    for place, part in enumerate(request.headers.get("accept-language", "")[:500].split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1) + place / 1_000, name[:2].lower()))
        except ValueError:
            continue
    return next((name for _, name in sorted(wanted) if name in LANGUAGES), "en")


def theme_of(request: Request) -> str:
    """Return the dress that somebody chose: as the system, light or dark."""
    chosen = read_cookie(request, THEME)
    return chosen if chosen in THEMES else THEMES[0]


def _zone_of(request: Request) -> ZoneInfo:
    # A script of ours tells it; a name that is no zone, or no name at all, means UTC.
    try:
        return ZoneInfo(request.cookies.get(ZONE, "")[:60].replace("%2F", "/") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
