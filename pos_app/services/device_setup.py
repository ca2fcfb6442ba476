"""Setting up the displays and the scale: what is wrong with their settings."""

from collections.abc import Callable
from pathlib import Path

from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.errors import PosError


class NoSuchPicture(PosError):
    """The idle picture is not where the settings say."""

    sentence = "There is no picture at {path}. Choose another, or leave it empty."


def device_refusals(devices: DeviceSettings) -> dict[str, PosError]:
    """Return what is wrong with the devices, by field; empty when they can be saved."""
    if devices == DeviceSettings():
        return {}
    from pos_app.printing.pole_display import check_code_page  # noqa: PLC0415 - few shops need it
    from pos_app.services.serial_devices import parse_device  # noqa: PLC0415 - as above

    checks: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("pole_target", devices.pole_target, parse_device),
        ("pole_code_page", devices.pole_code_page, check_code_page),
        ("scale_target", devices.scale_target, parse_device),
    )
    refusals: dict[str, PosError] = {}
    for field, value, check in checks:
        try:
            if value:
                check(value)
        except PosError as refusal:
            refusals[field] = refusal
    return refusals


def picture_refusal(devices: DeviceSettings) -> PosError | None:
    """Return why the idle picture cannot be shown; one that went away later stops no saving."""
    if devices.idle_image and not Path(devices.idle_image).is_file():
        return NoSuchPicture(path=devices.idle_image[:120])
    return None
