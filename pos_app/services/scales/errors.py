"""Why no weight came: each refusal says what the cashier can do; typing the weight always works."""

from typing import ClassVar

from pos_app.domain.errors import PosError


class ScaleError(PosError):
    """A scale gave no weight; `passes` where waiting a moment may help."""

    sentence = "The scale gave no weight. Check it, or type the weight."
    passes: ClassVar[bool] = False


class ScaleGone(ScaleError):
    """The port cannot be opened, or the cable was pulled."""

    sentence = "There is no scale at {target}. Check its cable, or type the weight."


class ScaleSilent(ScaleError):
    """The port is there and nobody answers."""

    sentence = "The scale does not answer. Switch it on and check its cable, or type the weight."


class ScaleCutShort(ScaleError):
    """The scale stopped in the middle of what it said."""

    sentence = "The scale stopped in the middle. Weigh again, or type the weight."


class ScaleUnreadable(ScaleError):
    """What came is not of the protocol."""

    sentence = (
        "What the scale says cannot be read. Check its kind and speed in the settings, "
        "or type the weight."
    )


class ScaleUnstable(ScaleError):
    """The goods are still moving."""

    sentence = "The scale does not come to rest. Let go of the goods, or type the weight."
    passes = True


class ScaleEmpty(ScaleError):
    """Nothing, or too little to be weighed, is on the scale."""

    sentence = "Nothing is on the scale. Put the goods on it, or type the weight."
    passes = True


class ScaleNegative(ScaleError):
    """The scale is below zero."""

    sentence = "The scale is below zero. Clear it and press its zero key, or type the weight."
    passes = True


class ScaleOverloaded(ScaleError):
    """More is on the scale than it can weigh."""

    sentence = "That is too heavy for the scale. Weigh it in parts, or type the weight."
    passes = True


class ScaleNotCleared(ScaleError):
    """A scale that gives each weight only once has given this one."""

    sentence = (
        "The scale has given this weight already. Lift the goods off and put them on again, "
        "or type the weight."
    )
    passes = True


class ScaleFault(ScaleError):
    """The scale reports a fault of its own."""

    sentence = "The scale reports the fault {code}. Switch it off and on, or type the weight."


class ScaleWantsChecksum(ScaleError):
    """A sealed Dialog 06 scale serves only tills that know its maker's secret."""

    sentence = (
        "The scale asks for a checksum that this till does not have. "
        "Set it to Dialog 06 without checksums, or type the weight."
    )
