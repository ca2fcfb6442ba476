"""The cookies of head office's pages, and the token that proves a form to be one of ours."""

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from pos_app.server.accounts import SESSION_LASTS
from pos_app.server.doors import new_secret
from pos_app.server.visitors import serving_of

SESSION, GUEST, SECOND_STEP = "office_session", "office_guest", "office_second"
LANGUAGE, THEME, ZONE = "office_language", "office_theme", "office_zone"
_YEAR_S = 365 * 24 * 3600
_PLAIN = 2 * 1024  # longer values are not ours


def is_safe(request: Request) -> bool:
    """Whether the browser reaches us under https, itself or through what stands before us."""
    if request.url.scheme == "https":
        return True
    public = urlsplit(serving_of(request).settings.public_url)
    return public.scheme == "https" and public.netloc == request.headers.get("host", "")


def read_cookie(request: Request, name: str) -> str:
    """Return a cookie of ours, empty where the browser has none."""
    found = request.cookies.get(_full_name(request, name), "")
    return found if len(found) <= _PLAIN else ""


def set_secret_cookie(
    request: Request, response: Response, name: str, value: str, lasts_s: int | None = None
) -> None:
    """Give the browser a secret that no script reads and no other site sends."""
    response.set_cookie(
        _full_name(request, name),
        value,
        max_age=lasts_s,
        path="/",
        secure=is_safe(request),
        httponly=True,
        samesite="strict",
    )


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Let the browser keep who is signed in, as long as the session lasts."""
    lasts_s = int(SESSION_LASTS.total_seconds())
    set_secret_cookie(request, response, SESSION, token, lasts_s)


def set_choice_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Let the browser keep how somebody likes the pages; nothing depends on it."""
    set_secret_cookie(request, response, name, value, _YEAR_S)


def forget_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie back."""
    set_secret_cookie(request, response, name, "", 0)


def guest_secret(request: Request) -> str:
    """Return what a browser proves its forms by before anybody is signed in; made once."""
    found = read_cookie(request, GUEST) or getattr(request.state, "guest_secret", "")
    if not found:
        found = request.state.guest_secret = new_secret()
    return found


def csrf_of(request: Request) -> str:
    """Return the token that every form of this browser carries: another for each session."""
    secret = read_cookie(request, SESSION) or guest_secret(request)
    return hmac.new(secret.encode(), b"form of head office", hashlib.sha256).hexdigest()


def _full_name(request: Request, name: str) -> str:
    # `__Host-` (RFC 6265bis): only this host sets it, over https and for every path.
    return f"__Host-{name}" if is_safe(request) else name
