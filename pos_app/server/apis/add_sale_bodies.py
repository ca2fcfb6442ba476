"""Bodies of Add Sale: JSON, a form, or the parts that the published PHP program sends as JSON.

A PHP array given to curl goes out as multipart/form-data even where a header of the program's own
says application/json; curl then adds the boundary to that header, and so it is known.
"""

import json
from collections.abc import Callable, Coroutine
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute

from pos_app.server.apis.exact import read_exact

MOST_FIELDS = 200
_JSON = (b"content-type", b"application/json")


class SaleRoute(APIRoute):
    """A route whose body may be JSON, form data or parts; name it as a router's `route_class`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            return await handle(_SaleRequest(request))

        return handled


class _SaleRequest(Request):
    """A request that says that its body is JSON, whatever it was sent as."""

    def __init__(self, request: Request) -> None:
        self._sent_as = request.headers.get("content-type", "")
        others = [pair for pair in request.scope["headers"] if pair[0].lower() != _JSON[0]]
        super().__init__({**request.scope, "headers": [*others, _JSON]}, request.receive)

    async def json(self) -> Any:
        """Return the body's fields; raises JSONDecodeError, which becomes a refusal."""
        return read_fields(await self.body(), self._sent_as)


def read_fields(body: bytes, sent_as: str) -> Any:
    """Read a body by the header it came with; raises json.JSONDecodeError."""
    header = Message()
    header["content-type"] = "".join(sign for sign in sent_as if sign.isprintable())
    boundary = header.get_param("boundary")
    if isinstance(boundary, str) and body.lstrip().startswith(b"--" + boundary.encode("utf-8")):
        return _parts(body, boundary)
    if header.get_content_type() == "application/x-www-form-urlencoded":
        return _form(body)
    return read_exact(body)


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as failure:
        raise _unreadable(failure) from failure
    return _with_items(dict(pairs))


def _parts(body: bytes, boundary: str) -> dict[str, Any]:
    head = f'content-type: multipart/form-data; boundary="{boundary}"\r\n\r\n'
    parsed = BytesParser(policy=HTTP).parsebytes(head.encode("utf-8") + body)
    found: dict[str, Any] = {}
    for part in parsed.iter_parts() if parsed.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes) or len(found) >= MOST_FIELDS:
            raise _unreadable(ValueError("a part has no name, or there are too many"))
        try:
            found[name] = value.decode("utf-8")
        except UnicodeDecodeError as failure:
            raise _unreadable(failure) from failure
    if not found:
        raise _unreadable(ValueError("there are no parts"))
    return _with_items(found)


def _with_items(fields: dict[str, Any]) -> dict[str, Any]:
    """Forms know texts only: items come as JSON in one of them."""
    if fields.get("items"):
        fields["items"] = read_exact(fields["items"].encode("utf-8"))
    else:
        fields.pop("items", None)
    return fields


def _unreadable(failure: ValueError) -> json.JSONDecodeError:
    return json.JSONDecodeError(str(failure)[:100], "", 0)
