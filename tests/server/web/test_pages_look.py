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
# Each language, dress and size once, and axe once in each dress: what goes wrong comes with one of
# them. axe reads the colours of a whole page many times over.
LOOKS = {
    "english, light, desktop, read by axe": ("en", "light", DESKTOP, True),
    "arabic, dark, phone, read by axe": ("ar", "dark", PHONE, True),
    "german, light, phone": ("de", "light", PHONE, False),
}
PARTS = 3  # each page is in one of them: no test takes as long as all others together


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("look_name", LOOKS)
def test_every_page_fits_and_is_usable_by_everybody(
    look: Callable[..., Any], served: Served, stage: Stage, look_name: str, part: int
):
    language, theme, size, reads_axe = LOOKS[look_name]
    # `bypass_csp` only lets axe in; what the policy refuses is seen in the other look.
    seen = look(Role.OWNER, language, theme, size, bypass_csp=reads_axe)
    faults: list[str] = []
    for name, path in list(paths_of(stage).items())[part::PARTS]:
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
    # Only the nodes of violations are written down, and frames of others there are none.
    found = page.evaluate("axe.run({resultTypes: ['violations'], iframes: false})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in BAD
    ]
