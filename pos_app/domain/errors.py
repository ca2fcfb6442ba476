"""Refusals of the shop's rules, each with a sentence that says what to do next."""

from typing import ClassVar


class PosError(Exception):
    """A named refusal; `sentence` is a template that the keyword fields fill."""

    sentence: ClassVar[str] = "That did not work. Try again."

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)
