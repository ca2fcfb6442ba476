"""In what shape each API says no: its published one, whatever refused the request and where.

A refusal may come from a rule, a limit, a missing route or a fault; the path decides whose shape it
has. An API's own file says what its statuses and bodies are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

# Status and body of a refusal, from head office's own status, code and sentence.
Shape = Callable[[Request, int, str, str], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Envelope:
    """How the API under a path says no."""

    prefix: str
    shape: Shape


_envelopes: list[Envelope] = []


def add_envelope(prefix: str, shape: Shape) -> None:
    """Let everything under a path say no in this shape; the longest path that fits counts."""
    _envelopes[:] = [one for one in _envelopes if one.prefix != prefix]
    _envelopes.append(Envelope(prefix, shape))
    _envelopes.sort(key=lambda one: -len(one.prefix))


def is_of_api(path: str) -> bool:
    """Whether a path is one of a published API."""
    return any(path.startswith(one.prefix) for one in _envelopes)


def refused_as_published(
    request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response | None:
    """Return the refusal as the API of the path publishes it; None for a path of no API."""
    path = request.url.path
    for one in _envelopes:
        if path.startswith(one.prefix):
            shown, body = one.shape(request, status, code, message)
            return JSONResponse(body, shown, headers)
    return None
