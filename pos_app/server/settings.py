"""How head office serves: limits and switches, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pos_app.domain.errors import PosError
from pos_app.sync.wire import BATCH_BYTES

ENVIRONMENT = "POS_APP_OFFICE_"
DATABASE = ENVIRONMENT + "DATABASE"


class SettingWrong(PosError):
    """An environment variable of head office that says nothing usable."""

    sentence = "{name} is {value}, which is no number. Correct it or leave it out."


@dataclass(frozen=True, slots=True)
class Rate:
    """How often: `burst` at once, and `each_s` more every second."""

    burst: float
    each_s: float


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Limits of one serving process; sizes in bytes, times in seconds.

    `public_url` is the address under which tills reach head office, as enrolment codes name it;
    `metrics_token` lets others than this machine read the metrics.
    """

    public_url: str = ""
    metrics_token: str = ""
    disk_folder: Path = field(default=Path("/"))
    sync_body_most: int = BATCH_BYTES
    office_body_most: int = 1024 * 1024
    body_pause_s: float = 20.0
    body_s: float = 300.0
    statement_s: float = 60.0
    stop_s: float = 10.0
    disk_least: int = 256 * 1024 * 1024
    # A shop's tills come from one address, so an address may do much and a token less.
    address: Rate = Rate(2_000, 1_000)
    token: Rate = Rate(200, 50)
    door: Rate = Rate(100, 5)  # enrol, sign in, renew: an address that knows nothing yet
    name: Rate = Rate(60, 1 / 3)  # signing in under one name, from anywhere
    name_at_address: Rate = Rate(10, 1 / 10)
    judges: bool = True  # whether this process judges what tills push


_RATES = ("address", "token", "door")
_NUMBERS = ("office_body_most", "body_pause_s", "body_s", "statement_s", "stop_s", "disk_least")


def read_settings(environ: Mapping[str, str] = os.environ) -> ServerSettings:
    """Read `POS_APP_OFFICE_…`; what is not set keeps its default. Raises SettingWrong.

    `POS_APP_OFFICE_TOKEN_RATE=50` lets a till ask 50 times a second and four times that at once;
    `ADDRESS_RATE` and `DOOR_RATE` likewise.
    """
    found: dict[str, object] = {}
    for name in ("public_url", "metrics_token"):
        found[name] = environ.get(ENVIRONMENT + name.upper(), "")
    for name in _NUMBERS:
        number = _number(environ, name.upper())
        if number is not None:
            found[name] = number
    for name in _RATES:
        each_s = _number(environ, f"{name.upper()}_RATE")
        if each_s is not None:
            found[name] = Rate(each_s * 4, each_s)
    if folder := environ.get(ENVIRONMENT + "DISK_FOLDER"):
        found["disk_folder"] = Path(folder)
    if environ.get(ENVIRONMENT + "JUDGES") == "0":
        found["judges"] = False

    return replace(ServerSettings(), **found)  # type: ignore[arg-type]


def _number(environ: Mapping[str, str], name: str) -> float | None:
    text = environ.get(ENVIRONMENT + name)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as failure:
        raise SettingWrong(name=ENVIRONMENT + name, value=text) from failure
    if not 0 < number < 1e12:  # also refuses "nan" and "inf"
        raise SettingWrong(name=ENVIRONMENT + name, value=text)
    return number
