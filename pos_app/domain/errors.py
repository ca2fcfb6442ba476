"""Refusals of the shop's rules, each with a sentence that says what to do next."""

from typing import Any, ClassVar


class PosError(Exception):
    """A named refusal; `sentence` is a template that the keyword fields fill."""

    sentence: ClassVar[str] = "That did not work. Try again."

    def __init__(self, **fields: object) -> None:
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a refusal come whole from another process, whatever it was made from."""
        return _revived, (type(self), self.__dict__)


def _revived(kind: type[PosError], known: dict[str, Any]) -> PosError:
    refusal = kind.__new__(kind, known.get("fields", {}))
    refusal.__dict__.update(known)
    return refusal
