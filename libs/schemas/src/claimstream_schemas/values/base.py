"""What every value has in common: it is frozen, and it reads newer versions of itself without complaint."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict

Flag = Annotated[bool, Strict()]
"""True or false: no text or number that could mean it."""


def _a_number(value: object) -> object:
    if isinstance(value, str | bytes | bool):
        raise ValueError("a whole number, and no text")  # noqa: TRY004  pydantic reports ValueError with its place
    return value


NO_TEXT = BeforeValidator(_a_number)
"""Behind the bounds of a whole number: it is one as JSON has it, 5 and 5.0 alike, and no text, no true or false."""


class Value(BaseModel):
    """A frozen value. A field that it does not know is ignored, so that an older reader accepts a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with some fields changed. What a cached property had worked out of the old ones does not go along."""
        copied = super().model_copy(update=update, deep=deep)
        if len(copied.__dict__) > len(type(self).model_fields):
            for name in copied.__dict__.keys() - type(self).model_fields.keys():
                del copied.__dict__[name]
        return copied


class Document(Value):
    """A frozen value that people write by hand: an unknown field is a mistake and is refused with its place."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
