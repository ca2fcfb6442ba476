"""Head office's log: one JSON object a line on standard error, and never a secret.

Nothing of a request is written but what stands in `FIELDS`: no header, no body, no query. Of a
failure its kind and place are written and not its words, which may hold values.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

FIELDS = ("request_id", "company", "till", "person", "method", "route", "status", "ms", "failure")
FRAMES_MOST = 12


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: at, level, logger, event and the known fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of an exception only its kind and where it happened."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value not in (None, ""):
                line[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            line["failure"] = failure_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def failure_of(failure: BaseException) -> list[str]:
    """Return an exception's kind and the last places that it came through, without its words."""
    frames = traceback.extract_tb(failure.__traceback__)[-FRAMES_MOST:]
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    kind = type(failure)
    return [f"{kind.__module__}.{kind.__qualname__}", *places]


def log_settings(level: str = "INFO") -> dict[str, Any]:
    """Return the settings (logging.config) that make every logger write JSON lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "pos_app.server.logs.JsonLines"}},
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": level, "handlers": ["lines"]},
        "loggers": {
            "uvicorn.access": {"level": "CRITICAL"},  # requests.py writes that line
            "alembic": {"level": "WARNING"},
        },
    }
