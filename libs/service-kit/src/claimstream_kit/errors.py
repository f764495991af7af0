"""What can go wrong, as a tree.

Refusal                  a business rule says no: carries a slug, a title and facts without patient data
  NotFound               there is no such thing in this practice
  Conflict               it is there, but not in a state that allows the step
  Invalid                the request's content is wrong; names the place
    Malformed            it has not even the form that /openapi.json describes
  Forbidden              the token does not allow it
WaitsFor                 a fact of another topic is not here yet: the event is kept and completed when it comes
"""

from typing import ClassVar


class Refusal(Exception):
    """A business rule says no. The message carries ids and places, never patient data."""

    slug: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"
    status: ClassVar[int] = 422

    def __init__(self, detail: str, *, place: str | None = None, remedy: str | None = None) -> None:
        """``place`` is a JSON pointer or a field's name; ``remedy`` says what to do."""
        super().__init__(detail)
        self.detail = detail
        self.place = place
        self.remedy = remedy


class NotFound(Refusal):
    """There is no such thing in this practice."""

    slug = "not-found"
    title = "Not found"
    status = 404


class Conflict(Refusal):
    """It is there, but not in a state that allows the step."""

    slug = "conflict"
    title = "Not possible in this state"
    status = 409


class Invalid(Refusal):
    """The content is wrong."""

    slug = "invalid"
    title = "The request is not valid"
    status = 422


class Malformed(Invalid):
    """It has not the form that ``/openapi.json`` describes; what has it may still break a rule, which is ``Invalid``."""

    slug = "malformed"
    title = "The request has not the form that is described"


class Forbidden(Refusal):
    """The token does not allow it."""

    slug = "forbidden"
    title = "Not allowed"
    status = 403


class WaitsFor(Exception):
    """An event needs a fact that another topic brings. Raise it before anything is changed."""

    def __init__(self, fact: str) -> None:
        """``fact`` is the name that the unit's ``arrived`` will use, e.g. ``claim/<practice>/<id>``."""
        super().__init__(fact)
        self.fact = fact
