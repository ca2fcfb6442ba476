"""Pages as answers: templates, their language and figures, safe headers, and what comes after."""

import json
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pos_app import __version__
from pos_app.assets import resource
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.words import Later
from pos_app.server.web import figures
from pos_app.server.web.cookies import (
    GUEST,
    SESSION,
    forget_cookie,
    guest_secret,
    read_cookie,
    set_secret_cookie,
)
from pos_app.server.web.forms import TOKEN, Posted, Problems
from pos_app.server.web.menu import MENU
from pos_app.server.web.statics import ICONS, static_url
from pos_app.server.web.visits import THEMES, Visit
from pos_app.texts import LANGUAGES, t_in

RIGHT_TO_LEFT = frozenset({"ar"})
NOTICE = "office_notice"
NOTICE_LASTS_S = 60
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    # Without it a browser says of its own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Vary": "Cookie, Accept-Language",
}


def show(visit: Visit, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page; `values` are the template's, beside those that every page has."""
    own = {
        "visit": visit,
        "may": visit.may,
        "csrf": visit.csrf,
        "account": None if visit.known is None else visit.known.account,
        "notice": _notice_of(visit),
        "moment": partial(figures.moment_words, zone=visit.zone, language=visit.language),
        "ago": partial(figures.ago_words, now=visit.now, language=visit.language),
        "active": "",
        "problems": Problems(),
        "posted": Posted({}),
    }
    page = environment(visit.language).get_template(template).render({**own, **values})
    answer = HTMLResponse(page, status, PAGE_HEADERS)
    if own["notice"]:
        forget_cookie(visit.request, answer, NOTICE)
    if not read_cookie(visit.request, SESSION) and not read_cookie(visit.request, GUEST):
        set_secret_cookie(visit.request, answer, GUEST, guest_secret(visit.request))
    return answer


def go(visit: Visit, path: str, notice: str = "") -> RedirectResponse:
    """Lead to a page of ours after a change; `notice` (translated) is shown there once."""
    answer = RedirectResponse(own_path(path), 303, PAGE_HEADERS)
    if notice:
        set_secret_cookie(visit.request, answer, NOTICE, quote(notice[:300]), NOTICE_LASTS_S)
    return answer


def own_path(path: str, otherwise: str = "/office/") -> str:
    """Return a path of our own pages, `otherwise` for any other address."""
    try:
        parts = urlsplit(path.replace("\\", "/"))
    except ValueError:  # half an IPv6 address, or a sign that becomes a slash
        return otherwise
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/office")
    if not is_ours or "//" in parts.path or any(sign < " " for sign in path):
        return otherwise
    return path


def say(language: str, told: str | PosError) -> str:
    """Return a sentence or a refusal in a language."""
    if isinstance(told, PosError):
        fields = {name: _said(language, value) for name, value in told.fields.items()}
        try:
            return t_in(language, told.sentence).format(**fields)
        except (KeyError, IndexError, ValueError):  # a damaged translation hides no refusal
            return str(told)
    return t_in(language, told)


@lru_cache(maxsize=8)
def environment(language: str) -> Environment:
    """Return the templates in a language: texts, figures and days are written its way."""
    made = Environment(
        loader=FileSystemLoader(resource("web/templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        t=_texts(language),
        say=partial(say, language),
        language=language,
        languages=LANGUAGES,
        themes=THEMES,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        menu=MENU,
        icon=icon,
        static=static_url,
        form_token=TOKEN,
        version=__version__,
        money_of=Money,
    )
    made.filters.update(
        money=partial(figures.money_words, language=language),
        number=partial(figures.number_words, language=language),
        percent=partial(figures.percent_words, language=language),
        change=partial(figures.change_words, language=language),
        exceptions_of=lambda staff, kind: staff.of(kind).count,
        pretty=lambda told: json.dumps(told, indent=2, ensure_ascii=False),
        pair=lambda one: (one, one),
        day=lambda day, style="medium": figures.day_words(day, language, style),
    )
    return made


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """Return an icon of `resources/icons` that no screen reader reads: a word stands beside it."""
    address = f"{static_url(ICONS)}#{name}"
    return Markup(f'<svg class="icon" aria-hidden="true"><use href="{address}"></use></svg>')  # noqa: S704


def _texts(language: str) -> Callable[..., str]:
    def t(text: str, /, **fields: object) -> str:
        said = t_in(language, text)
        return said.format(**fields) if fields else said

    return t


def _said(language: str, value: object) -> object:
    if isinstance(value, PosError):
        return say(language, value)
    if isinstance(value, Later):
        return t_in(language, value)
    return value


def _notice_of(visit: Visit) -> str:
    return unquote(read_cookie(visit.request, NOTICE))
