"""A head office that is served, one a run, and a headless browser to look at it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pos_app.server.accounts import Account, account_of, begin_session
from pos_app.server.roles import Role
from pos_app.server.settings import Rate, ServerSettings
from tests.server.serving import Served, serve
from tests.server.web.stage import Stage, evening, opened_stage

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 60_000
PLENTY = Rate(1e9, 1e9)
UNLIMITED = ServerSettings(
    address=PLENTY, token=PLENTY, door=PLENTY, name=PLENTY, name_at_address=PLENTY
)


@dataclass
class Seen:
    """A page of a browser, and everything that went wrong on it."""

    page: Any
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window.

    Not for the whole run: while it is there, this thread has a running event loop, and whatever
    another test starts would wait in it for ever.
    """
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Two shops that sold, whom tests of one kind leave alone."""
    with opened_stage(Path(tmp_path_factory.mktemp("stage")) / "office.db") as made:
        yield made


@pytest.fixture(scope="session")
def served(stage: Stage) -> Iterator[Served]:
    """The stage over real HTTP."""
    with serve(stage.office, UNLIMITED, now=evening) as running:
        yield running


@pytest.fixture
def look(
    browser: Any, served: Served, stage: Stage, request: pytest.FixtureRequest
) -> Callable[..., Seen]:
    """Open a page of the browser: as somebody, in a language, a dress and a size."""

    def opened(
        role: Role | None = Role.OWNER,
        language: str = "en",
        theme: str = "light",
        size: tuple[int, int] = (1280, 800),
        **more: Any,
    ) -> Seen:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            color_scheme=theme,
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **more,
        )
        request.addfinalizer(context.close)
        context.set_default_timeout(PATIENCE_MS)
        if role is not None:
            token = token_of(stage, role)
            context.add_cookies([{"name": "office_session", "value": token, "url": served.url}])
        seen = Seen(context.new_page())
        seen.page.on("pageerror", lambda failure: seen.faults.append(str(failure)))
        seen.page.on("console", lambda told: _note(seen, told))
        return seen

    return opened


def token_of(stage: Stage, role: Role) -> str:
    """Begin a session of somebody without the way through the door."""
    with stage.office.company(stage.company_id) as connection:
        account: Account = account_of(connection, stage.company_id, stage.people[role])
    return begin_session(stage.office, account, evening(), "a test").token


def _note(seen: Seen, told: Any) -> None:
    # Chromium tells a page that answers 404 or 422 as an error, and a refused style or script too.
    if told.type == "error" and "server responded with a status" not in told.text:
        seen.faults.append(told.text)
