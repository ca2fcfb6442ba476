"""What stands on the counter beside the printers: the customer's displays and the scale."""

from dataclasses import dataclass
from enum import StrEnum


class ScaleProtocol(StrEnum):
    """How a scale speaks: Mettler Toledo 8217, Dialog 06 without checksums, or CAS's own ASCII."""

    TOLEDO_8217 = "toledo_8217"
    DIALOG_06 = "dialog_06"
    CAS = "cas"


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """The devices of the counter; an empty target means that there is none.

    A target is a serial port with its speed after a comma, as a serial printer's; a scale's may
    name its frame as well, such as `COM3,9600,7E1`. `pole_code_page` is the display's character
    table, such as CP858 (empty: plain ASCII). `idle_image` is the path of a picture for the second
    screen while nothing is sold.
    """

    customer_display: bool = False
    idle_image: str = ""
    pole_target: str = ""
    pole_code_page: str = ""
    scale_target: str = ""
    scale_protocol: ScaleProtocol = ScaleProtocol.TOLEDO_8217
