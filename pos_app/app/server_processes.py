"""Serving head office by one process or by several over one socket."""

import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn


def serve_by(workers: int, app: str, **settings: Any) -> None:
    """Serve an application factory until told to stop; `settings` are those of uvicorn."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    settings |= {"factory": True, "workers": workers}
    if workers == 1:
        uvicorn.run(app, **settings)
        return
    config = uvicorn.Config(app, **settings)
    Multiprocess(config, sockets=[prompt_socket(config)]).run()


def prompt_socket(config: "uvicorn.Config") -> socket.socket:
    """Return the bound socket whose connections send small answers at once (TCP_NODELAY).

    They take that over from it. asyncio would set it on sockets that it bound itself only, so that
    each answer of a process among several came 40 ms late.
    """
    bound = config.bind_socket()
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound
