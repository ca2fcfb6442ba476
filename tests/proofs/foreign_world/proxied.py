"""Head office over real HTTP behind the failing network of the simulators: real sockets and bytes.

Time stays virtual: what a till waits for is not waited for here.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn

from pos_app.sync.http_transport import HttpTransport
from pos_app.sync.transport import Answer, Request
from tests.proofs.foreign_world.remotes import OfficeShelf, Served
from tests.simulators.fault_proxy import LOOPBACK, Fault, FaultProxy, Weather

LIMIT_S = 60
# What the failing network calls the weather's mishaps; the rest happens at the till's end.
FAULTS = {
    "drop": (Fault.DROPPED, Fault.REQUEST_CUT, Fault.SILENT),
    "lost": (Fault.ANSWER_LOST,),
    "cut": (Fault.ANSWER_CUT,),
    "half": (Fault.GARBLED,),
    "lie": (Fault.GARBLED,),
    "page": (Fault.SIGN_IN_PAGE,),
    "busy": (Fault.BUSY,),
    "failed": (Fault.UNAVAILABLE, Fault.BAD_GATEWAY),
    "twice": (Fault.SENT_TWICE,),
}


class Proxied:
    """Head office behind a failing network; see `Remote`."""

    def __init__(self, line: "ProxiedLine", shelf: OfficeShelf, api: str) -> None:
        self._line = line
        self._inner = Served(shelf, api)
        self.key = self._inner.key

    @property
    def page_size(self) -> int:
        """The most that a page holds."""
        return self._inner.page_size

    @page_size.setter
    def page_size(self, size: int) -> None:
        self._inner.page_size = size

    def carry(self, request: Request, mishap: str = "") -> Answer:
        """Send a request through the network with a fault of this kind."""
        return self._line.sent(self._inner.shortened(request), mishap)


class ProxiedLine:
    """A running head office, the network before it, and a till's own transport."""

    def __init__(self, proxy: FaultProxy) -> None:
        self._proxy = proxy
        self._transport = HttpTransport(verify=False)
        self._count = 0

    def sent(self, request: Request, mishap: str) -> Answer:
        """Send a request; the next one for the network meets the fault."""
        if faults := FAULTS.get(mishap):
            self._count += 1
            self._proxy.next(faults[self._count % len(faults)])
        return self._transport.send(replace(request, base=self._proxy.url), LIMIT_S)

    def close(self) -> None:
        """Close the till's end."""
        self._transport.close()


@contextmanager
def proxied_line(shelf: OfficeShelf) -> Iterator[ProxiedLine]:
    """Serve the shelf's head office on loopback behind a failing network."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(shelf.app, log_config=None, access_log=False, lifespan="off")
        )
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        with FaultProxy(port) as proxy:
            proxy.weather = Weather(silence_s=0.01)
            line = ProxiedLine(proxy)
            try:
                yield line
            finally:
                line.close()
                server.should_exit = True
        thread.join(LIMIT_S)
