"""Pictures of every page to look at: `python -m tests.server.web.shots FOLDER [NAME …]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from pos_app.server.roles import Role
from tests.server.offices import PASSWORD
from tests.server.serving import serve
from tests.server.web.pages import paths_of
from tests.server.web.stage import evening, opened_stage

SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
LOOKS = (("en", "light"), ("en", "dark"), ("de", "light"), ("ar", "dark"))


def main(folder: Path, names: list[str]) -> None:
    """Write a picture of each page in each dress."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as store,
        opened_stage(Path(store) / "office.db", days=2, busy=40) as stage,
        serve(stage.office, now=evening) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for language, theme in LOOKS:
            for size, (width, height) in SIZES.items():
                if (
                    names
                    and f"{language}-{theme}-{size}" not in names
                    and not any("/" in one for one in names)
                ):
                    continue
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    locale=language,
                    color_scheme=theme,
                    timezone_id="Europe/Berlin",
                )
                page = context.new_page()
                page.goto(f"{served.url}/office/sign-in")
                page.screenshot(path=folder / f"{language}-{theme}-{size}-sign_in.png")
                page.fill("#email", stage.email(Role.OWNER))
                page.fill("#password", PASSWORD)
                page.click("main button")
                for name, path in paths_of(stage).items():
                    wanted = [one[1:] for one in names if one.startswith("/")]
                    if wanted and name not in wanted:
                        continue
                    page.goto(served.url + path)
                    page.wait_for_load_state("networkidle")
                    shot = folder / f"{language}-{theme}-{size}-{name}.png"
                    page.screenshot(path=shot, full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
