"""How a shop is set up: who it is, how it prices, what it prints on, how its screen looks."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pos_app.domain.approval_policy import ApprovalPolicy
from pos_app.domain.cash_settings import CashSettings
from pos_app.domain.device_settings import DeviceSettings
from pos_app.domain.document_settings import DocumentSettings
from pos_app.domain.kitchen import KitchenRoute
from pos_app.domain.offline_rules import OfflineRules
from pos_app.domain.payment import CashRounding
from pos_app.domain.pricing import PricePolicy
from pos_app.domain.return_settings import ReturnSettings
from pos_app.domain.stock import DEFAULT_LOCATION
from pos_app.domain.stock_rule import StockSettings
from pos_app.domain.tender_settings import TenderSettings

# Twice the longest name in the IANA database; one of many parts would be looked up part by part.
ZONE_NAME_LIMIT = 64


class PrinterKind(StrEnum):
    """How a receipt printer is reached."""

    PREVIEW = "preview"
    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    FILE = "file"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """One receipt printer.

    `target` is host:port, vendor:product in hex, a serial port with its speed after a comma,
    a device file, or a queue's name, according to `kind`. `width_mm` is the paper's, 58 or 80;
    `code_page` is one of python-escpos's encodings (empty: chosen from the profile; ASCII: other
    letters are drawn). `columns` is how many letters fit on a line (0: as the paper and the model
    have it), `pulse_ms` how long the drawer's magnet is driven.
    """

    name: str = "Preview"
    kind: PrinterKind = PrinterKind.PREVIEW
    target: str = ""
    width_mm: int = 80
    profile: str = "default"
    code_page: str = ""
    cuts: bool = True
    drawer_pin: int = 2
    kicks_drawer: bool = True
    columns: int = 0
    pulse_ms: int = 100


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """What stands on a receipt beside the sale itself."""

    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ("Thank you for your visit",)
    logo_path: str = ""
    shows_tax_table: bool = True
    shows_qr: bool = True
    language: str = ""


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the till looks and listens; `theme` is light, dark or system."""

    language: str = "en"
    theme: str = "light"
    left_handed: bool = False
    button_mode: bool = False
    scanner_prefix: str = ""
    scanner_suffix: str = ""


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """Everything a till needs to know about its shop."""

    name: str = "My shop"
    address: tuple[str, ...] = ()
    phone: str = ""
    tax_number: str = ""
    country: str = "GB"
    location: str = DEFAULT_LOCATION
    policy: PricePolicy = field(default_factory=lambda: PricePolicy("EUR"))
    cash_rounding: CashRounding | None = None
    quick_amounts: tuple[Decimal, ...] = (Decimal(5), Decimal(10), Decimal(20), Decimal(50))
    discount_presets: tuple[Decimal, ...] = (Decimal(5), Decimal(10), Decimal(20), Decimal(50))
    number_prefix: str = ""
    printers: tuple[PrinterSettings, ...] = (PrinterSettings(),)
    receipt: ReceiptSettings = field(default_factory=ReceiptSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    embedded_patterns: tuple[str, ...] = ()
    time_zone: str = ""
    kitchen: tuple[KitchenRoute, ...] = ()
    cash: CashSettings = field(default_factory=CashSettings)
    returns: ReturnSettings = field(default_factory=ReturnSettings)
    devices: DeviceSettings = field(default_factory=DeviceSettings)
    approvals: ApprovalPolicy = field(default_factory=ApprovalPolicy)
    tenders: TenderSettings = field(default_factory=TenderSettings)
    # Set in the throw-away copy of a training only: marks every paper and keeps the drawer shut.
    is_training: bool = False
    stock: StockSettings = field(default_factory=StockSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    head_office: OfflineRules = field(default_factory=OfflineRules)


def sale_number(shop: ShopSettings, till: str, sequence: int, epoch: int = 1) -> str:
    """Write a receipt number: the shop's prefix, the till, and six digits or more.

    A restored store begins a new epoch and names it, because its next numbers may be on paper
    already: 1-000042 and, after a restore, 1.2-000043.
    """
    series = till if epoch == 1 else f"{till}.{epoch}"
    return f"{shop.number_prefix}{series}-{sequence:06d}"
