"""The devices' page of the settings: the customer's two displays and the scale, and their tests."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from pos_app.domain.device_settings import DeviceSettings, ScaleProtocol
from pos_app.domain.errors import PosError
from pos_app.services.device_setup import device_refusals, picture_refusal
from pos_app.texts import t
from pos_app.ui.presenters.amounts import amount_format
from pos_app.ui.presenters.background_work import RunWork, Working
from pos_app.ui.presenters.product_form import Choice
from pos_app.ui.presenters.refusals import sentence_of
from pos_app.ui.views import Tone

if TYPE_CHECKING:
    from pos_app.services.scales.reading import ScaleTrial
    from pos_app.store.store import Store

SaveDevices = Callable[[DeviceSettings], str]
SECOND_LINE = "12345678901234567890"
DISPLAY, POLE, SCALE, PAGE = "display", "pole", "scale", "page"
_CONTROLS = {
    0x02: "STX", 0x03: "ETX", 0x04: "EOT", 0x05: "ENQ", 0x06: "ACK", 0x0A: "LF", 0x0D: "CR",
    0x15: "NAK", 0x1B: "ESC",
}  # fmt: skip


class Counter(Protocol):
    """The running till's own devices, as far as the settings have to do with them."""

    def lend(self) -> AbstractContextManager[None]:
        """Let go of the pole's port meanwhile; called in any thread."""

    def show_display(self, devices: DeviceSettings) -> bool:
        """Show the customer's screen now; True where it fills a second screen."""


class NoCounter:
    """There is no till that runs: nothing is lent, and nothing can be shown."""

    def lend(self) -> AbstractContextManager[None]:
        """Nothing has to be let go."""
        return nullcontext()

    def show_display(self, devices: DeviceSettings) -> bool:
        """Show nothing."""
        return False


@dataclass(frozen=True, slots=True)
class Told:
    """How a test or a saving went."""

    text: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class DevicesState:
    """Everything on the devices' page; `told` is by device, `busy` is the one being tested."""

    draft: DeviceSettings = field(default_factory=DeviceSettings)
    is_changed: bool = False
    protocols: tuple[Choice, ...] = ()
    code_pages: tuple[Choice, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    busy: str = ""


class DevicesPresenter:
    """Edits the devices; the tests use what stands in the fields now."""

    def __init__(
        self,
        store: "Store",
        save: SaveDevices,
        run: RunWork,
        on_state: Callable[[DevicesState], None],
        counter: Counter | None = None,
        *,
        try_pole: Callable[[DeviceSettings, str, str], None] | None = None,
        try_scale: "Callable[..., ScaleTrial] | None" = None,
    ) -> None:
        self._store = store
        self._save = save
        self._run = run
        self._on_state = on_state
        self._counter = counter or NoCounter()
        self._try_pole = try_pole or _pole_trial
        self._try_scale = try_scale or _scale_trial
        self._state = DevicesState()
        self.refresh()

    @property
    def state(self) -> DevicesState:
        """What the page shows now."""
        return self._state

    def refresh(self) -> None:
        """Read the settings anew and forget what was typed but not kept."""
        shop = self._store.settings.shop()
        self._amounts = amount_format(shop)
        self._put(
            draft=shop.devices,
            is_changed=False,
            errors={},
            told={},
            protocols=tuple(Choice(key.value, word) for key, word in _protocol_words().items()),
            code_pages=_code_pages(),
        )

    def change(self, **values: Any) -> None:
        """Take over what was typed or chosen, by field of the settings."""
        draft = replace(self._state.draft, **values)
        errors = {name: error for name, error in self._state.errors.items() if name not in values}
        self._put(draft=draft, errors=errors, is_changed=True, told={})

    def save(self) -> bool:
        """Keep the devices; on a refusal the error stands under its field."""
        devices = self._checked()
        if devices is None:
            return False
        problem = self._save(devices)
        if problem:
            self._tell(PAGE, problem, Tone.DANGER)
            return False
        self.refresh()
        self._tell(PAGE, t("The devices are saved."), Tone.SUCCESS)
        return True

    def test_display(self) -> None:
        """Show the customer's screen now."""
        devices = self._checked()
        if devices is None:
            return
        if self._counter.show_display(devices):
            self._tell(DISPLAY, t("It fills the second screen now."), Tone.SUCCESS)
        else:
            text = t("There is no second screen, so it is shown in a window.")
            self._tell(DISPLAY, text, Tone.WARNING)

    def test_pole(self) -> None:
        """Write both lines of the display and say how that went."""
        devices = self._checked()
        if devices is None or not self._is_named(devices.pole_target, "pole_target"):
            return
        name = self._store.settings.shop().name

        def work(_working: Working) -> None:
            with self._counter.lend():
                self._try_pole(devices, name, SECOND_LINE)

        def done(_nothing: None) -> None:
            text = t(
                "Both lines were sent. Look whether the display shows the shop's name "
                "and the figures below it."
            )
            self._tell(POLE, text, Tone.SUCCESS)

        self._begin(POLE, t("Writing …"))
        self._run(work, done, lambda error: self._failed(POLE, error))

    def test_scale(self) -> None:
        """Ask the scale once and say what was heard."""
        devices = self._checked()
        if devices is None or not self._is_named(devices.scale_target, "scale_target"):
            return

        def work(working: Working) -> "ScaleTrial":
            return self._try_scale(devices, waiting=working)

        self._begin(SCALE, t("Weighing … Put something on the scale."))
        self._run(work, self._weighed, lambda error: self._failed(SCALE, error))

    def _weighed(self, trial: "ScaleTrial") -> None:
        heard = _heard(trial.heard)
        if trial.weight is not None:
            figure = self._amounts.number(trial.weight.figure)
            weight = _in_order(f"{figure}\u00a0{trial.weight.unit.value}")
            text = t("The scale says {weight}. Heard: {heard}")
            self._tell(SCALE, text.format(weight=weight, heard=heard), Tone.SUCCESS)
        elif trial.refusal is not None:
            said = t("Heard: {heard}").format(heard=heard) if heard else t("Nothing was heard.")
            self._tell(SCALE, f"{sentence_of(trial.refusal, self._amounts)} {said}", Tone.DANGER)

    def _failed(self, device: str, error: Exception) -> None:
        self._put(busy="")
        if not isinstance(error, PosError):
            raise error
        self._tell(device, sentence_of(error, self._amounts), Tone.DANGER)

    def _is_named(self, target: str, name: str) -> bool:
        """Say where a port is missing; a test that runs already goes on alone."""
        if not target:
            self._put(errors={name: t("Enter the port first.")})
        return bool(target) and not self._state.busy

    def _checked(self) -> DeviceSettings | None:
        draft = self._state.draft
        devices = replace(
            draft,
            idle_image=draft.idle_image.strip(),
            pole_target=draft.pole_target.strip(),
            scale_target=draft.scale_target.strip(),
        )
        wrong = device_refusals(devices)
        picture = picture_refusal(devices)
        if picture is not None:
            wrong["idle_image"] = picture
        if not wrong:
            return devices
        self._put(errors={name: sentence_of(one, self._amounts) for name, one in wrong.items()})
        return None

    def _begin(self, device: str, text: str) -> None:
        self._put(busy=device, errors={}, told={device: Told(text)})

    def _tell(self, device: str, text: str, tone: Tone) -> None:
        self._put(busy="", told={device: Told(text, tone)})

    def _put(self, **values: Any) -> None:
        self._state = replace(self._state, **values)
        self._on_state(self._state)


def usual_target(protocol: ScaleProtocol) -> str:
    """Return what a target of such a scale looks like, with its usual speed and frame."""
    frames = {
        ScaleProtocol.TOLEDO_8217: "9600,7E1",
        ScaleProtocol.DIALOG_06: "9600,7O1",
        ScaleProtocol.CAS: "9600,8N1",
    }
    return f"COM3,{frames[protocol]}"


def _protocol_words() -> dict[ScaleProtocol, str]:
    return {
        ScaleProtocol.TOLEDO_8217: "Mettler Toledo 8217",
        ScaleProtocol.DIALOG_06: t("Dialog 06, without checksums"),
        ScaleProtocol.CAS: t("CAS, sends by itself"),
    }


def _code_pages() -> tuple[Choice, ...]:
    from pos_app.printing.pole_display import CODE_PAGES  # noqa: PLC0415 - opened after start

    plain = Choice("", t("Letters without accents"))
    return (plain, *(Choice(page, page) for page in CODE_PAGES))


def _heard(data: bytes) -> str:
    """Write bytes so that they can be told to somebody: controls by their names."""
    shown = "".join(
        f"<{_CONTROLS[byte]}>" if byte in _CONTROLS
        else chr(byte) if 0x20 <= byte < 0x7F else f"<{byte:02X}>"
        for byte in data
    )  # fmt: skip
    return _in_order(shown) if shown else ""


def _in_order(text: str) -> str:
    """Keep what is written from left to right in its order, whatever stands around it (UAX 9)."""
    return f"\u2066{text}\u2069"


def _pole_trial(devices: DeviceSettings, upper: str, lower: str) -> None:
    from pos_app.services.pole_display import try_pole  # noqa: PLC0415 - few shops have one

    try_pole(devices, upper, lower)


def _scale_trial(devices: DeviceSettings, *, waiting: Working) -> "ScaleTrial":
    from pos_app.services.scales.reading import try_scale  # noqa: PLC0415 - as above

    return try_scale(devices, waiting=waiting)
