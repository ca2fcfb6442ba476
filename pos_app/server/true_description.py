"""The description of every route without what only the framework believes of them.

FastAPI writes a 422 in a shape of its own beside every route that takes anything. Head office never
answers so: a published API has its own status and shape for it, and all others have one shape.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI

from pos_app.server.apis.envelopes import is_of_api

_OWN_SHAPES = ("HTTPValidationError", "ValidationError")
_FAILURE = {"$ref": "#/components/schemas/FailureShape"}


def describe_truly(app: FastAPI) -> None:
    """Make an app describe what it does."""
    describe: Callable[[], dict[str, Any]] = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _true(describe())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _true(description: dict[str, Any]) -> dict[str, Any]:
    for path, responses in _claimed(description):
        if is_of_api(path):
            del responses["422"]
        else:
            responses["422"]["content"]["application/json"]["schema"] = _FAILURE
    for name in _OWN_SHAPES:
        description["components"]["schemas"].pop(name, None)
    return description


def _claimed(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield path and responses of each route with a 422 of the framework's own."""
    for path, methods in description["paths"].items():
        for operation in methods.values():
            responses = operation["responses"]
            if _OWN_SHAPES[0] in str(responses.get("422")):
                yield path, responses
