"""The X12 checker's port to code sets, filled from the lists of `claimstream_codesets`."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from claimstream_codesets import CodeSets, open_code_sets
from claimstream_codesets import Standing as Known
from claimstream_x12.checking import ShapesOnly, Standing

Asked = Callable[[str, date], Standing]


class LoadedCodeSets:
    """Looks codes up by date; opens the lists when the first code is asked for."""

    def __init__(self) -> None:
        """Nothing is opened yet."""
        self._shapes = ShapesOnly()
        self._answers: dict[tuple[str, str, date], Standing] = {}

    def standing(self, code_set: str, code: str, on: date | None) -> Standing:
        """What the list says of a code on a day; by its shape alone where there is no list or no day."""
        shaped = self._shapes.standing(code_set, code, on)
        if shaped is not Standing.UNCHECKED or on is None:
            return shaped
        asked = self._lists.get(code_set)
        if asked is None:
            return shaped
        key = (code_set, code, on)
        if key not in self._answers:
            if len(self._answers) >= _MOST_REMEMBERED:
                self._answers.clear()
            self._answers[key] = asked(code, on)
        return self._answers[key]

    @cached_property
    def _lists(self) -> Mapping[str, Asked]:
        sets = open_code_sets()
        return {
            "icd10cm": lambda code, on: _KNOWN[sets.icd10cm.validity(code, on=on).standing],
            "procedure": lambda code, on: _KNOWN[sets.procedures.validity(code, on=on).standing],
            **_undated(sets),
        }


def _undated(sets: CodeSets) -> Mapping[str, Asked]:
    lists = sets.lists
    return {
        "carc": lambda code, on: _of(lists.is_carc(code, on=on)),
        "rarc": lambda code, on: _of(lists.is_rarc(code, on=on)),
        "pos": lambda code, _: _of(lists.is_place_of_service(code)),
        "status": lambda code, _: _of(lists.is_status(code)),
        "status_category": lambda code, _: _of(lists.is_status_category(code)),
        "taxonomy": lambda code, _: _of(lists.is_taxonomy(code)),
        "revenue": lambda code, _: _of(lists.is_revenue_code(code.zfill(4))),
    }


def _of(listed: bool) -> Standing:  # noqa: FBT001  a list's answer, passed on
    return Standing.VALID if listed else Standing.INVALID


_MOST_REMEMBERED = 100_000
_KNOWN = {
    Known.VALID: Standing.VALID,
    Known.INVALID: Standing.INVALID,
    Known.NOT_BILLABLE: Standing.INVALID,
    Known.UNCHECKED: Standing.UNCHECKED,
}
