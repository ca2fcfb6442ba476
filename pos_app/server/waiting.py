"""Tills that wait for news: each long poll sleeps here until its shop has a new revision."""

import asyncio
import contextlib
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from pos_app.server.news import News, Piece, Topic

GATHER_S = 0.25  # news come in swarms: one look for all that come meanwhile


class Waiting:
    """Wakes whoever waits in this process; `look` reads the revision of a company and shop."""

    def __init__(self, news: News, look: Callable[[str, str], int]) -> None:
        self._news = news
        self._look = look
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sleeping: dict[str, set[asyncio.Event]] = {}
        self._looks: dict[tuple[str, str], asyncio.Task[int]] = {}
        news.listen(self._hear)

    async def newer(self, company_id: str, shop: str, since: int, limit_s: float) -> int | None:
        """Return a revision after `since`, or None where none comes within a time in seconds."""
        self._loop = asyncio.get_running_loop()
        event = asyncio.Event()
        sleeping = self._sleeping.setdefault(company_id, set())
        sleeping.add(event)  # before the first look, so that nothing falls in between
        try:
            found = await run_in_threadpool(self._look, company_id, shop)
            async with asyncio.timeout(limit_s):
                while found <= since and not self._news.is_stopping:
                    await event.wait()
                    event.clear()
                    if not self._news.is_stopping:
                        found = await self._look_together(company_id, shop)
        except TimeoutError:
            return None
        finally:
            sleeping.discard(event)
            if not sleeping and self._sleeping.get(company_id) is sleeping:
                del self._sleeping[company_id]
        return found if found > since else None

    async def _look_together(self, company_id: str, shop: str) -> int:
        """Look once for all tills of a shop that were woken by the same news."""
        key = (company_id, shop)
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = asyncio.create_task(self._look_soon(company_id, shop))
        return await asyncio.shield(look)

    async def _look_soon(self, company_id: str, shop: str) -> int:
        await asyncio.sleep(GATHER_S)
        self._looks.pop((company_id, shop), None)  # news from now on call for another look
        return await run_in_threadpool(self._look, company_id, shop)

    def _hear(self, piece: Piece) -> None:
        loop = self._loop
        if loop is None or (piece.topic is not Topic.THINGS and not self._news.is_stopping):
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(self._wake, piece.company_id)

    def _wake(self, company_id: str) -> None:
        groups = [self._sleeping.get(company_id, set())]
        if not company_id:
            groups = list(self._sleeping.values())
        for group in groups:
            for event in group:
                event.set()
