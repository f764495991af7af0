"""Whose money an 835 is: the payee's own numbers decide, and where they do not, a person."""

import pytest
from clearinghouse_gw.domain.payee import Holder, Payee, digits, may_be, sharers, whose

NPI, TIN = "1999999984", "123456789"

OURS = Holder("ours", has_npi=True, has_tax_id=True)
BY_NPI = Holder("ours", has_npi=True, has_tax_id=False)
BY_TIN = Holder("ours", has_npi=False, has_tax_id=True)
OTHER = Holder("other", has_npi=True, has_tax_id=True)
OTHER_BY_NPI = Holder("other", has_npi=True, has_tax_id=False)
OTHER_BY_TIN = Holder("other", has_npi=False, has_tax_id=True)

BOTH, ONLY_NPI, ONLY_TIN = Payee(NPI, TIN), Payee(NPI), Payee("", TIN)


@pytest.mark.parametrize(
    ("payee", "holders"),
    [
        (BOTH, [OURS]),
        (BOTH, [BY_NPI]),
        (ONLY_NPI, [BY_NPI]),
        (BOTH, [OURS, OTHER_BY_NPI]),
        (BOTH, [OURS, OTHER_BY_TIN]),
        (ONLY_TIN, [BY_TIN]),
    ],
    ids=[
        "NPI and tax number",
        "a tax number that nobody has is no contradiction",
        "the NPI alone",
        "of several with the NPI the one with the tax number",
        "of several with the tax number the one with the NPI",
        "the tax number alone, where there is no NPI",
    ],
)
def test_the_payees_numbers_tell_whose_it_is(payee, holders):
    found = whose(payee, holders)

    assert (found.practice_id, found.reason) == ("ours", None)


@pytest.mark.parametrize(
    ("payee", "holders", "reason"),
    [
        (BOTH, [], "no practice of ours has the payee's NPI (XX …9984)"),
        (BOTH, [BY_TIN], "no practice of ours has the payee's NPI (XX …9984)"),
        (BOTH, [BY_NPI, OTHER_BY_TIN], "the payee's NPI (XX …9984) is one practice's, its tax number (TJ …6789) another's"),
        (ONLY_NPI, [BY_NPI, OTHER_BY_NPI], "several practices of ours have the payee's NPI (XX …9984)"),
        (BOTH, [OURS, OTHER], "several practices of ours have the payee's NPI (XX …9984)"),
        (ONLY_TIN, [], "no practice of ours has the payee's tax number (FI …6789)"),
        (ONLY_TIN, [BY_TIN, OTHER_BY_TIN], "several practices of ours have the payee's tax number (FI …6789)"),
        (Payee(), [], "the payee has neither an NPI nor a tax number"),
    ],
)  # fmt: skip
def test_a_person_decides_where_they_do_not(payee, holders, reason):
    found = whose(payee, holders)

    assert found.practice_id is None
    assert found.reason.startswith(reason)


def sharing(name, *others):
    return Holder(name, has_npi=False, has_tax_id=True, shares_with=frozenset(others))


@pytest.mark.parametrize(
    ("payee", "holders", "who"),
    [
        (ONLY_TIN, [sharing("ours", "other"), sharing("other", "ours")], {"ours", "other"}),
        (ONLY_TIN, [sharing("ours", "other"), sharing("other")], set()),
        (ONLY_TIN, [sharing("ours", "other"), sharing("other", "ours", "third"), sharing("third", "other")], set()),
        (ONLY_TIN, [sharing("ours")], {"ours"}),
        (BOTH, [sharing("ours", "other"), sharing("other", "ours")], set()),
        (BOTH, [BY_NPI, OTHER_BY_TIN], set()),
        (ONLY_NPI, [BY_NPI, OTHER_BY_NPI], set()),
        (ONLY_TIN, [], set()),
    ],
)
def test_who_shares_the_tax_number_says_itself_whose_it_is_and_nobody_else_does(payee, holders, who):
    assert sharers(payee, holders) == who


@pytest.mark.parametrize(
    ("holders", "says"),
    [
        ([], True),
        ([BY_NPI, OTHER_BY_TIN], True),
        ([BY_TIN, OTHER_BY_NPI], True),
        ([OTHER_BY_NPI], False),
        ([OTHER_BY_TIN], False),
    ],
)
def test_the_installation_gives_nobody_what_only_anothers_numbers_name(holders, says):
    assert may_be(holders, "ours") is says


def test_a_tax_number_is_read_without_its_hyphen():
    assert digits(" 12-3456789 ") == TIN
