"""Which diagnoses tell nothing of their presence on admission, told by how their codes begin: CMS's whole list is not held here.

Sources: the ICD-10-CM Official Guidelines, Appendix I, categories and codes exempt from the reporting (as of fiscal year 2016),
and CMS's list of exempt codes. External causes and factors (V to Z) are taken whole, of which the list has most.
"""

_EXEMPT = (
    "B90", "B91", "B92", "B93", "B94", "E64", "I252", "I69", "O09", "O665", "O80", "O94", "P00", "Q", "V", "W", "X", "Y", "Z",
)  # fmt: skip
_INJURIES = ("S", "T")
_SEVENTH = 7
_INITIAL = "ABC"
"""The seventh characters of an injury that is treated for the first time; the others are later encounters and sequelae."""


def is_exempt(code: str) -> bool:
    """Whether the diagnosis carries no indicator."""
    if code.startswith(_INJURIES):
        return len(code) == _SEVENTH and code[-1] not in _INITIAL
    return code.startswith(_EXEMPT)
