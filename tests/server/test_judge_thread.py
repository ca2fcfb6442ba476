"""The judge's thread: woken by news, never dead, and quick to stop."""

import logging
import threading
import time
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from pos_app.domain.facts import FactKind
from pos_app.server import judge_thread
from pos_app.server.database import Office
from pos_app.server.judge_thread import JudgeThread
from pos_app.server.news import News, Piece, Topic
from tests.server.offices import NOW
from tests.server.paper_tills import PaperTill
from tests.server.told_tills import push, sale_payload, sold

LIMIT_S = 60


def until(holds: Any) -> None:
    """Wait until something holds, with a limit far beyond what it takes."""
    end = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def told(office: Office, company_id: str, count: int) -> PaperTill:
    till = PaperTill().enrol(office, company_id)
    for number in range(1, count + 1):
        till.tell(FactKind.SALE_COMPLETED, sale_payload("1", number))
    push(office, till)
    return till


def test_news_of_entries_wakes_the_judge_and_tills_hear_of_what_came_of_them(
    office: Office, company_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_thread, "LOOK_S", LIMIT_S * 10)  # nothing but the news wakes it
    news = News(office)
    heard: list[Piece] = []
    news.listen(heard.append)
    judge = JudgeThread(office, news, lambda: NOW)
    judge.start()
    try:
        told(office, company_id, 3)
        news.tell(company_id, Topic.ENTRIES)
        until(lambda: len(sold(office, company_id)) == 3)
        until(lambda: Piece(Topic.THINGS, company_id) in heard)
    finally:
        judge.stop()


def test_what_news_did_not_tell_of_is_found_all_the_same(
    office: Office, company_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_thread, "LOOK_S", 0.05)
    told(office, company_id, 2)
    judge = JudgeThread(office, News(office), lambda: NOW)
    judge.start()
    until(lambda: len(sold(office, company_id)) == 2)
    judge.stop()
    judge.stop()  # once more is no mistake


def test_trouble_is_logged_once_and_judging_goes_on_afterwards(
    sqlite_office: Office,
    company_id: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(judge_thread, "LOOK_S", 0.05)
    monkeypatch.setattr(judge_thread, "LONGEST_PAUSE_S", 0.05)
    told(sqlite_office, company_id, 1)
    tries = []

    def fail(_connection, _cursor, statement: str, *_rest: Any) -> None:
        if "INTO sales" in statement and len(tries) < 3:
            tries.append(statement)
            raise OperationalError(statement, {}, Exception("the database is away"))

    event.listen(sqlite_office.engine, "before_cursor_execute", fail)
    judge = JudgeThread(sqlite_office, News(sqlite_office), lambda: NOW)
    with caplog.at_level(logging.WARNING, "pos_app.server.judge_thread"):
        judge.start()
        until(lambda: len(sold(sqlite_office, company_id)) == 1)
        until(lambda: len(caplog.messages) == 2)
        judge.stop()
    assert caplog.messages == [
        "judging waits for the database: OperationalError",
        "judging goes on",
    ]


def test_several_judges_share_the_work(postgresql_office: Office, company_id: str) -> None:
    tills = [
        PaperTill(number=str(number)).enrol(postgresql_office, company_id) for number in (1, 2, 3)
    ]
    for till in tills:
        for number in range(1, 41):
            till.tell(FactKind.SALE_COMPLETED, sale_payload(till.number, number))
        push(postgresql_office, till)
    news = News(postgresql_office)
    judges = [JudgeThread(postgresql_office, news, lambda: NOW) for _ in range(3)]
    for judge in judges:
        judge.start()
    news.tell(company_id, Topic.ENTRIES)
    until(lambda: len(sold(postgresql_office, company_id)) == 120)
    for judge in judges:
        judge.stop()
    assert len(set(sold(postgresql_office, company_id))) == 120
