"""Postal addresses of a bundle, as a claim carries them: states and countries by their codes."""

import re
from collections.abc import Iterable
from datetime import date

from claimstream_schemas.values.people import Address

from . import elements as fhir

_NO_DIGIT = re.compile("[^0-9]")
_HOME = frozenset({"", "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"})
_COUNTRIES = {
    "CAN": "CA", "CANADA": "CA", "MEX": "MX", "MEXICO": "MX", "GBR": "GB", "UNITED KINGDOM": "GB", "DEU": "DE", "GERMANY": "DE",
    "FRA": "FR", "FRANCE": "FR", "ESP": "ES", "SPAIN": "ES", "ITA": "IT", "ITALY": "IT", "IRL": "IE", "IRELAND": "IE",
    "CHN": "CN", "CHINA": "CN", "IND": "IN", "INDIA": "IN", "JPN": "JP", "JAPAN": "JP", "KOR": "KR", "BRA": "BR", "BRAZIL": "BR",
    "AUS": "AU", "AUSTRALIA": "AU", "DOM": "DO", "DOMINICAN REPUBLIC": "DO", "CUB": "CU", "HTI": "HT", "COL": "CO", "VNM": "VN",
    "PHL": "PH", "PHILIPPINES": "PH", "CHE": "CH", "AUT": "AT", "NLD": "NL", "BEL": "BE", "PRT": "PT", "POL": "PL", "SWE": "SE",
    "NOR": "NO", "DNK": "DK", "ISR": "IL", "NGA": "NG", "GHA": "GH", "ETH": "ET", "SLV": "SV", "GTM": "GT", "HND": "HN", "PER": "PE",
    "ECU": "EC", "ARG": "AR", "CHL": "CL", "VEN": "VE",
}  # fmt: skip
"""ISO 3166-1, three letters and English names to two letters; the countries that patients of US practices mostly come from."""

_TERRITORIES = {
    "PR": "PR", "PRI": "PR", "PUERTO RICO": "PR", "GU": "GU", "GUM": "GU", "GUAM": "GU", "VI": "VI", "VIR": "VI",
    "U.S. VIRGIN ISLANDS": "VI", "AS": "AS", "ASM": "AS", "AMERICAN SAMOA": "AS", "MP": "MP", "MNP": "MP",
}  # fmt: skip
"""Told as countries, they are states to X12 and the postal service."""

_STATES = {
    "ALABAMA": "AL", "ALASKA": "AK", "ARIZONA": "AZ", "ARKANSAS": "AR", "CALIFORNIA": "CA", "COLORADO": "CO", "CONNECTICUT": "CT",
    "DELAWARE": "DE", "DISTRICT OF COLUMBIA": "DC", "FLORIDA": "FL", "GEORGIA": "GA", "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL",
    "INDIANA": "IN", "IOWA": "IA", "KANSAS": "KS", "KENTUCKY": "KY", "LOUISIANA": "LA", "MAINE": "ME", "MARYLAND": "MD",
    "MASSACHUSETTS": "MA", "MICHIGAN": "MI", "MINNESOTA": "MN", "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT",
    "NEBRASKA": "NE", "NEVADA": "NV", "NEW HAMPSHIRE": "NH", "NEW JERSEY": "NJ", "NEW MEXICO": "NM", "NEW YORK": "NY",
    "NORTH CAROLINA": "NC", "NORTH DAKOTA": "ND", "OHIO": "OH", "OKLAHOMA": "OK", "OREGON": "OR", "PENNSYLVANIA": "PA",
    "PUERTO RICO": "PR", "RHODE ISLAND": "RI", "SOUTH CAROLINA": "SC", "SOUTH DAKOTA": "SD", "TENNESSEE": "TN", "TEXAS": "TX",
    "UTAH": "UT", "VERMONT": "VT", "VIRGINIA": "VA", "WASHINGTON": "WA", "WEST VIRGINIA": "WV", "WISCONSIN": "WI", "WYOMING": "WY",
}  # fmt: skip


def address_of(addresses: Iterable[fhir.FhirAddress], on: date | None = None) -> Address | None:
    """The address that holds on a day and that a claim can carry, the home before others."""
    holding = [each for each in addresses if each.use != _OLD and fhir.holds(each.period, on)]
    holding.sort(key=lambda each: _USES.get(each.use, len(_USES)))
    return next((found for address in holding if (found := _address(address))), None)


_USES = {"home": 0, None: 1, "billing": 2, "work": 3}
_OLD = "old"


def _address(address: fhir.FhirAddress) -> Address | None:
    said = (address.country or "").strip().upper()
    territory = _TERRITORIES.get(said)
    country = None if said in _HOME or territory else _COUNTRIES.get(said, said)
    lines = [line[:55] for line in address.line if line]
    state, code = (address.state or territory or "").strip(), (address.postal_code or "").strip()
    parts: dict[str, str | None] = {
        "line1": lines[0] if lines else None,
        "line2": lines[1] if len(lines) > 1 else None,
        "city": (address.city or "")[:30],
        "state": _STATES.get(state.upper(), state.upper()) if country is None else _province(state, country),
        "postal_code": _NO_DIGIT.sub("", code) if country is None else code,
        "country": country,
    }
    try:
        return Address.model_validate({name: value for name, value in parts.items() if value})
    except ValueError:
        return None  # a claim rule asks for it


def _province(state: str, country: str) -> str:
    """A province by its code; elsewhere a name is left out, for X12 takes codes alone."""
    if country == "CA":
        return _PROVINCES.get(state.upper(), state.upper())
    return state.upper() if len(state) in _CODE else ""


_CODE = range(1, 4)
_PROVINCES = {
    "ALBERTA": "AB", "BRITISH COLUMBIA": "BC", "MANITOBA": "MB", "NEW BRUNSWICK": "NB", "NEWFOUNDLAND AND LABRADOR": "NL",
    "NOVA SCOTIA": "NS", "ONTARIO": "ON", "PRINCE EDWARD ISLAND": "PE", "QUEBEC": "QC", "QUÉBEC": "QC", "SASKATCHEWAN": "SK",
}  # fmt: skip
