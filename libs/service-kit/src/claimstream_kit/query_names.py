"""A query parameter that a route does not declare is refused: a filter that is spelled wrong would show everything."""

from fastapi import Request

from .errors import Invalid

MOST_NAMES, LONGEST_NAME = 5, 60
"""What of an odd request is said again."""


class UnknownParameter(Invalid):
    """A query parameter that this address does not know."""

    slug = "unknown-parameter"


def refuse_unknown_names(request: Request) -> None:
    """Refuse what the API's own description does not name.

    Raises:
        UnknownParameter: with the names that there are.
    """
    if not request.query_params:
        return
    path = getattr(request.scope.get("route"), "path", "")
    described = request.app.openapi()["paths"].get(path, {}).get(request.method.lower(), {})
    known = sorted(each["name"] for each in described.get("parameters", ()) if each["in"] == "query")
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        shown = [_printable(name) for name in unknown[:MOST_NAMES]]
        raise UnknownParameter(
            f"{path} knows no parameter {', '.join(shown)}",
            place=f"query/{shown[0]}",
            remedy=f"Use {', '.join(known)}." if known else "Leave it out.",
        )


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:LONGEST_NAME])
