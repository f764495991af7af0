"""A contract is cut so that nothing of it is lost, and no piece is too large."""

from claimstream_schemas.values.contract import ContractFee, ContractTerms
from coding_svc.domain.contracts import chunks_of
from hypothesis import given
from hypothesis import strategies as st

MOST = 5


def some_terms(number: int, fees: int) -> ContractTerms:
    made = tuple(ContractFee(procedure=f"{fee:05}", allowed="1.00") for fee in range(fees))
    return ContractTerms(number=number, version="1", effective_from="2025-01-01", fees=made)


@given(st.lists(st.integers(0, 13), max_size=8))
def test_the_chunks_hold_all_terms_and_fees_in_their_order(sizes):
    terms = tuple(some_terms(number, fees) for number, fees in enumerate(sizes, start=1))

    chunks = list(chunks_of(terms, most=MOST))

    assert all(len(chunk) + sum(len(each.fees) for each in chunk) <= MOST for chunk in chunks)
    joined: dict[int, tuple[ContractFee, ...]] = {}
    for each in (each for chunk in chunks for each in chunk):
        joined[each.number] = joined.get(each.number, ()) + each.fees
    assert joined == {each.number: each.fees for each in terms}
    assert all(chunk for chunk in chunks) or not terms
