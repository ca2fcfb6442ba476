"""Head office over real HTTP on loopback, for tests: a server in a thread, clients of each role."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from pos_app.server.accounts import NewAccount, add_account
from pos_app.server.app import make_app
from pos_app.server.database import Office
from pos_app.server.roles import Role
from pos_app.server.settings import ServerSettings
from pos_app.server.stamps import utc_now
from tests.server.offices import EMAIL, NOW, PASSWORD, sign_in_fast

START_LIMIT_S = 60
# Reading the machine's certificates takes longer than most tests, and loopback needs none.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True)
class Served:
    """A running head office."""

    url: str
    app: FastAPI
    office: Office

    def client(self, token: str = "") -> httpx2.Client:
        """Return somebody else's client, with a token where one is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(
            base_url=self.url, headers=headers, timeout=60, verify=NO_CERTIFICATES, trust_env=False
        )

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> str:
        """Sign in over the wire and return the token."""
        with self.client() as client:
            answer = client.post("/office/v1/sign-in", json={"email": email, "password": password})
            assert answer.status_code == 200, answer.text
            return str(answer.json()["token"])

    def as_owner(self) -> httpx2.Client:
        """Return a client of the owner's."""
        return self.client(self.sign_in())

    def as_role(self, role: Role, company_id: str) -> httpx2.Client:
        """Return a client of a new person of that role."""
        email = add_person(self.office, company_id, role)
        return self.client(self.sign_in(email))


def add_person(office: Office, company_id: str, role: Role, email: str = "") -> str:
    """Let a person with the tests' password in, and return their email."""
    email = email or f"the.{role}@example.com"
    with office.company(company_id) as connection:
        add_account(connection, company_id, NewAccount(email, role.title(), role, PASSWORD), NOW)
        sign_in_fast(connection, company_id)
    return email


@contextlib.contextmanager
def serve(
    office: Office,
    settings: ServerSettings | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    **more: Any,
) -> Iterator[Served]:
    """Serve an open head office on a free port of this machine until the end of the block."""
    app = make_app(office, settings or ServerSettings(), now=now, **more)
    # Named by its protocol, or asyncio leaves each small answer waiting for the client's word.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=10, lifespan="on"
        )
        server = uvicorn.Server(config)
        ready = threading.Event()
        startup = server.startup

        async def say_when_started(sockets: list[socket.socket] | None = None) -> None:
            await startup(sockets)
            ready.set()

        server.startup = say_when_started  # type: ignore[method-assign]
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            assert ready.wait(START_LIMIT_S), "head office did not start"
            yield Served(f"http://127.0.0.1:{port}", app, office)
        finally:
            app.state.serving.news.stop_waiting()
            server.should_exit = True
            thread.join(START_LIMIT_S)
