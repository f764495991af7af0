"""Which tokens are taken: signed by a key that the issuer has now, by that issuer, and naming somebody."""

import pytest
from claimstream_kit import auth
from claimstream_kit.auth import LONGEST_HOURS, TokenVerifier, Unauthenticated, issue_token

from .signing import signed


@pytest.fixture
def keys(tmp_path, monkeypatch):
    """The local issuer's folder; it is looked at by each token."""
    monkeypatch.setattr(auth, "KEYS_AGAIN_SECONDS", 0.0)
    issue_token(tmp_path, subject="x", practice="bay-state", roles=["biller"])
    return tmp_path


def test_a_token_of_the_issuer_is_taken(keys):
    assert TokenVerifier(keys).principal(signed(keys)).roles == {"biller"}


@pytest.mark.parametrize("iss", ["somebody-else", "", ..., 7, ["claimstream"]])
def test_a_token_of_another_issuer_or_of_none_is_refused(keys, iss):
    with pytest.raises(Unauthenticated):
        TokenVerifier(keys).principal(signed(keys, iss=iss))


def test_the_issuer_is_a_setting(keys):
    token = signed(keys, iss="https://login.example.org")

    assert TokenVerifier(keys, issuer="https://login.example.org").principal(token).subject == "somebody"


@pytest.mark.parametrize(
    "odd",
    [
        {"sub": None},
        {"sub": 7},
        {"sub": ["x"]},
        {"roles": None},
        {"roles": ...},
        {"roles": 7},
        {"roles": "biller"},
        {"roles": [["biller"]]},
        {"roles": [{"biller": 1}]},
        {"roles": ["biller", None]},
        {"roles": {"biller": True}},
        {"sources": None},
        {"sources": "bay-ehr"},
        {"sources": [7]},
        {"practice": None},
        {"practice": ...},
        {"practice": 7},
        {"practice": ["bay-state"]},
        {"practice": {}},
        {"exp": "tomorrow"},
        {"aud": 7},
        {"iat": "yesterday"},
        {"nbf": []},
    ],
)
async def test_a_token_that_is_signed_and_odd_is_refused_and_breaks_nothing(toy, odd):
    answer = await toy.client.get("/quiet", headers={"Authorization": f"Bearer {signed(toy._keys, **odd)}"})

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_new_key_counts_without_a_restart_and_one_that_was_taken_away_no_more(keys):
    verifier = TokenVerifier(keys)
    old = signed(keys)
    assert verifier.principal(old)
    for name in ("issuer.pem", "issuer.pub.pem"):
        (keys / name).rename(keys / f"old-{name}")

    new = signed(keys)

    assert verifier.principal(new), "signed by a key that came after the start"
    assert verifier.principal(old), "its public key is still there"
    (keys / "old-issuer.pub.pem").unlink()
    with pytest.raises(Unauthenticated, match="unknown key"):
        verifier.principal(old)


@pytest.mark.parametrize("told", [".", "issuer.pub.pem"])
def test_where_no_key_is_left_no_token_counts_until_one_is_back(keys, told):
    verifier = TokenVerifier(keys / told)
    token = f"Bearer {signed(keys)}"
    assert verifier.bearer(token).subject == "somebody"

    (keys / "issuer.pub.pem").rename(keys / "aside")
    with pytest.raises(Unauthenticated):
        verifier.bearer(token)
    (keys / "aside").rename(keys / "issuer.pub.pem")

    assert verifier.bearer(token).subject == "somebody"


def test_a_key_file_that_is_half_written_leaves_the_keys_as_they_are(keys):
    verifier = TokenVerifier(keys)
    token = signed(keys)
    whole = (keys / "issuer.pub.pem").read_bytes()

    (keys / "issuer.pub.pem").write_bytes(whole[:20])

    assert verifier.principal(token)
    (keys / "issuer.pub.pem").write_bytes(whole)
    assert verifier.principal(token)


@pytest.mark.parametrize(
    "odd",
    [
        {"practice": "Bay State"},
        {"practice": ""},
        {"subject": "a\nb"},
        {"subject": ""},
        {"hours": 0},
        {"hours": -1},
        {"hours": LONGEST_HOURS + 1},
        {"hours": float("nan")},
        {"roles": ["root"]},
        {"roles": ["ehr"]},
        {"roles": ["ehr"], "sources": [""]},
    ],
)
def test_a_token_that_no_service_would_take_is_not_made(keys, odd):
    with pytest.raises(
        ValueError, match=r"holds for|one line|no practice's id|no such role|names its source|source system has"
    ):
        issue_token(keys, **{"subject": "x", "practice": "bay-state", "roles": ["biller"], **odd})
