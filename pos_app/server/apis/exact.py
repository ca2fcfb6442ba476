"""Numbers in JSON without losing a cent: bodies read as Decimals, amounts written as numbers.

A fraction in a request becomes a Decimal with its own digits; NaN, infinities and what is nested
beyond all sense are no JSON here.
"""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from pos_app.domain.money import Money


class ExactRoute(APIRoute):
    """A route whose body is read exactly; name it as a router's `route_class`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            return await handle(_ExactRequest(request.scope, request.receive))

        return handled


class _ExactRequest(Request):
    async def json(self) -> Any:
        """Return the body; raises JSONDecodeError, which becomes a refusal."""
        if not hasattr(self, "_exact"):
            self._exact = read_exact(await self.body())
        return self._exact


def read_exact(body: bytes) -> Any:
    """Read JSON with Decimals for fractions; raises json.JSONDecodeError."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as failure:  # half letters, endless numbers, deep nesting
        raise json.JSONDecodeError(str(failure)[:100], "", 0) from failure


def whole_or_fraction(value: Decimal | Money) -> int | float:
    """Return a value as a JSON number: 50000 or 5752.21."""
    plain = decimal_of(value)
    return int(plain) if plain == plain.to_integral_value() else float(plain)


def fraction(value: Decimal | Money) -> float:
    """Return a value as a JSON number with a point: 3000.0."""
    return float(decimal_of(value))


def decimal_of(value: Decimal | Money) -> Decimal:
    """Return an amount in currency units, exactly."""
    return value.amount if isinstance(value, Money) else value


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no number")
