"""What every value has in common: it is frozen, and it reads newer versions of itself without complaint."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value. A field that it does not know is ignored, so that an older reader accepts a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


class Document(Value):
    """A frozen value that people write by hand: an unknown field is a mistake and is refused with its place."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
