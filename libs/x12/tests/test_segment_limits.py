"""Our table of element bounds agrees with pyx12's maps of the guides that we write."""

import xml.etree.ElementTree as ET
from importlib.resources import files

import pytest
from claimstream_x12.guides import ElementForm
from claimstream_x12.guides.tables import segment_forms
from claimstream_x12.segment_limits import LIMITS

MAPS = (
    "837.5010.X222.A1.xml",
    "837Q3.I.5010.X223.A1.v2.xml",
    "835.5010.X221.A1.v2.xml",
    "277.5010.X214.xml",
    "999.5010X231.A1.xml",
)


def used_elements(name):
    """(segment, element number, data element) of every simple element that the guide uses."""
    root = ET.fromstring((files("pyx12") / "map" / name).read_bytes())  # noqa: S314  a file of an installed package
    for segment in root.iter("segment"):
        for element in segment.findall("element"):
            if element.findtext("usage", element.get("usage")) == "N":
                continue
            number = element.findtext("seq", element.get("seq"))
            yield segment.get("xid"), int(number), element.findtext("data_ele", element.get("data_ele"))


WIDER_IN_5010 = {("IK3", 2), ("CTX", 3)}
"""Positions of segments have ten digits in 5010; pyx12 keeps the six of 4010."""


@pytest.mark.parametrize("name", MAPS)
def test_every_element_the_guide_uses_may_be_written_as_long_as_its_data_element(name):
    lengths = {
        one.get("ele_num"): int(one.get("max_len"))
        for one in ET.fromstring((files("pyx12") / "map" / "dataele.xml").read_bytes()).iter("data_ele")  # noqa: S314
    }

    wrong = [
        (segment, number, LIMITS[segment][number - 1][2], lengths[data])
        for segment, number, data in used_elements(name)
        if segment in LIMITS and (segment, number) not in WIDER_IN_5010
        if LIMITS[segment][number - 1][2] != lengths[data]
    ]

    assert wrong == []


def test_every_bound_agrees_with_the_table_of_the_base_standard():
    forms = segment_forms()

    wrong = [
        (segment, number)
        for segment, limits in LIMITS.items()
        if segment in forms and segment not in {place[0] for place in WIDER_IN_5010}
        for number, ((_, _, most), form) in enumerate(zip(limits, forms[segment].elements, strict=False), 1)
        if most and isinstance(form, ElementForm) and most != form.most
    ]

    assert wrong == []
