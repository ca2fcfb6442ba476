"""Every page in a real browser: nothing overflows, runs or is refused, and axe finds nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_app.server.roles import Role
from tests.server.serving import Served
from tests.server.web.pages import paths_of
from tests.server.web.stage import Stage

AXE = Path(__file__).parents[2] / "node" / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESKTOP = (390, 844), (1280, 800)
OVERFLOW = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
BAD = {"serious", "critical"}
# axe reads the colours of a whole page many times over, so each dress is read at one size.
LOOKS = [
    pytest.param("en", "light", DESKTOP, True, id="english, light, desktop, read by axe"),
    pytest.param("en", "dark", PHONE, True, id="english, dark, phone, read by axe"),
    pytest.param("de", "light", PHONE, False, id="german, light, phone"),
    pytest.param("ar", "dark", PHONE, False, id="arabic, dark, phone"),
    pytest.param("ar", "light", DESKTOP, False, id="arabic, light, desktop"),
]


@pytest.mark.parametrize(("language", "theme", "size", "reads_axe"), LOOKS)
def test_every_page_fits_and_is_usable_by_everybody(  # noqa: PLR0917 - a look has four sides
    look: Callable[..., Any],
    served: Served,
    stage: Stage,
    language: str,
    theme: str,
    size: tuple[int, int],
    reads_axe: bool,
):
    # `bypass_csp` only lets axe in; what the policy refuses is seen in the other looks.
    seen = look(Role.OWNER, language, theme, size, bypass_csp=reads_axe)
    faults: list[str] = []
    for name, path in paths_of(stage).items():
        answer = seen.page.goto(served.url + path)
        assert answer.status == (404 if name == "missing" else 200), (name, answer.status)
        assert seen.page.evaluate("document.documentElement.dir") == (
            "rtl" if language == "ar" else "ltr"
        )
        assert seen.page.title() != "taken", f"a name ran as a script on {name}"
        wide = seen.page.evaluate(OVERFLOW)
        faults += [f"{name} is {wide} px too wide"] if wide > 0 else []
        faults += [f"{name}: {one}" for one in seen.faults]
        seen.faults.clear()
        if reads_axe:
            faults += [f"{name}: {one}" for one in axe(seen.page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_is_usable_by_everybody(look: Callable[..., Any], served: Served, theme: str):
    seen = look(None, "en", theme, PHONE, bypass_csp=True)
    seen.page.goto(f"{served.url}/office/sign-in")
    assert axe(seen.page) == []
    assert seen.page.evaluate(OVERFLOW) <= 0
    assert seen.faults == []


def test_with_menus_open_a_phone_shows_the_whole_navigation(
    look: Callable[..., Any], served: Served
):
    seen = look(Role.OWNER, "en", "light", PHONE, bypass_csp=True)
    seen.page.goto(f"{served.url}/office/")
    seen.page.click("summary.drawer-open")
    link = seen.page.get_by_role("link", name="Log", exact=True)
    assert link.is_visible()
    assert axe(seen.page) == []
    link.click()
    seen.page.wait_for_url("**/office/log")
    assert seen.page.evaluate(OVERFLOW) <= 0


def test_pages_work_without_scripts(look: Callable[..., Any], served: Served):
    seen = look(Role.OWNER, java_script_enabled=False)
    seen.page.goto(f"{served.url}/office/day?start=2026-06-01&end=2026-06-01")
    seen.page.get_by_role("link", name="Takings").first.click()
    seen.page.wait_for_url("**/office/day/receipts?**")
    seen.page.locator("tbody a").first.click()
    seen.page.wait_for_url("**/office/day/receipts/*")
    assert seen.page.get_by_role("heading", name="Why this price").is_visible()


def axe(page: Any) -> list[str]:
    """Return what axe-core calls serious or critical on the page that is open."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed here: npm ci in tests/node")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in BAD
    ]
