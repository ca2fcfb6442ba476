"""Looking at a paper: which page, how large, and drawing it elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.errors import PosError
from pos_app.printing.pdf_pages import POINTS_PER_INCH, PagePicture, page_picture, page_sizes
from pos_app.texts import t
from pos_app.ui.presenters.background_work import RunWork, Stoppable, Working
from pos_app.ui.presenters.refusals import sentence_of

ZOOMS = (50, 75, 100, 125, 150, 200, 300, 400)  # percent of the paper's own size
FIT = 0


@dataclass(frozen=True, slots=True)
class PagesState:
    """What is on show; `zoom` is in percent, FIT as wide as there is room."""

    page: int = 0
    count: int = 0
    zoom: int = FIT
    picture: PagePicture | None = None
    problem: str = ""
    is_drawing: bool = False

    @property
    def told(self) -> str:
        """Which page it is, in words."""
        if not self.count:
            return ""
        return t("Page {page} of {count}").format(page=self.page + 1, count=self.count)


class PagesPresenter:
    """Turns the pages of a PDF; only the page on show is drawn, the latest wish first."""

    def __init__(self, run: RunWork, on_state: Callable[[PagesState], None]) -> None:
        self._run = run
        self._on_state = on_state
        self._pdf = b""
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._room = 800
        self._dots = 96.0  # dots of the screen in an inch of paper shown at 100 percent
        self._drawing: Stoppable | None = None
        self._state = PagesState()

    @property
    def state(self) -> PagesState:
        """What is on show now."""
        return self._state

    @property
    def pdf(self) -> bytes:
        """The paper on show."""
        return self._pdf

    def show(self, pdf: bytes) -> None:
        """Show a paper from its first page."""
        self._pdf = pdf
        try:
            self._sizes = page_sizes(pdf) if pdf else ()
        except PosError as refusal:
            self._sizes = ()
            self._put(page=0, count=0, picture=None, problem=sentence_of(refusal))
            return
        self._put(page=0, count=len(self._sizes), problem="")
        self._draw()

    def go_to(self, page: int) -> None:
        """Turn to a page, the first being 0; beyond the ends nothing happens."""
        if 0 <= page < self._state.count and page != self._state.page:
            self._put(page=page)
            self._draw()

    def turn(self, pages: int) -> None:
        """Go on or back."""
        self.go_to(self._state.page + pages)

    def zoom_by(self, steps: int) -> None:
        """Make the page larger or smaller by steps."""
        now = self._percent()
        if steps > 0:
            self.zoom_to(next((zoom for zoom in ZOOMS if zoom > now), ZOOMS[-1]))
        else:
            self.zoom_to(next((zoom for zoom in reversed(ZOOMS) if zoom < now), ZOOMS[0]))

    def zoom_to(self, zoom: int) -> None:
        """Show the page at a size; FIT is as wide as there is room."""
        self._put(zoom=zoom)
        self._draw()

    def use_room(self, pixels: int, dots_per_inch: float) -> None:
        """Follow the width that there is for a page."""
        if (pixels, dots_per_inch) != (self._room, self._dots):
            self._room, self._dots = max(pixels, 1), dots_per_inch
            if self._state.zoom == FIT or self._state.picture is None:
                self._draw()

    def _percent(self) -> float:
        if self._state.zoom != FIT or not self._sizes:
            return self._state.zoom or 100
        return self._dots_to_fit() / self._dots * 100

    def _dots_to_fit(self) -> float:
        return self._room / (self._sizes[self._state.page][0] / POINTS_PER_INCH)

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
        if not self._state.count:
            return
        pdf, page = self._pdf, self._state.page
        is_fit = self._state.zoom == FIT
        dots = self._dots_to_fit() if is_fit else self._dots * self._state.zoom / 100

        def work(working: Working) -> PagePicture:
            working.stop_if_cancelled()
            return page_picture(pdf, page, dots)

        self._put(is_drawing=True)
        self._drawing = self._run(work, self._drawn, self._not_drawn)

    def _drawn(self, picture: PagePicture) -> None:
        self._put(picture=picture, problem="", is_drawing=False)

    def _not_drawn(self, error: Exception) -> None:
        if not isinstance(error, PosError):
            raise error
        self._put(picture=None, problem=sentence_of(error), is_drawing=False)

    def _put(self, **values: object) -> None:
        self._state = replace(self._state, **values)  # type: ignore[arg-type]
        self._on_state(self._state)
