"""Laboratory tests that fall under CLIA, told by how their codes begin: lists of the AMA's codes are not held here.

Left out is what CMS does not put under CLIA, or not for sure: drawing blood, physicians' interpretations and consultations, skin tests,
tissue and other services of pathology, and tests that the laboratory sent out (90) or of which only the physician's part is billed (26).
"""

from collections.abc import Iterable

from claimstream_schemas.values.encounter import ChargeLine

_TESTS = (
    "800", "801", "802", "803", "81", "82", "83", "84", "8501", "8502", "854", "855", "856", "857", "861", "862", "863", "866", "867", "870",
    "871", "872", "873", "874", "875", "876", "877", "878", "879",
)  # fmt: skip
_NOT_HERE = frozenset({"26", "90"})


def has_laboratory_test(lines: Iterable[ChargeLine]) -> bool:
    """Whether one of the lines is a test of the laboratory that bills it."""
    return any(
        line.procedure is not None and line.procedure.startswith(_TESTS) and not _NOT_HERE.intersection(line.modifiers)
        for line in lines
    )
