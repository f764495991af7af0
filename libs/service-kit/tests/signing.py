"""Tokens by hand: the issuer makes none that is odd."""

import json
from datetime import UTC, datetime, timedelta

import jwt
from claimstream_kit.auth import AUDIENCE, ISSUER
from claimstream_kit.keys import key_id, load_or_make_key


def signed(keys, **changes):
    """A token by the issuer's own key; a claim that is ``...`` is left out. By hand: PyJWT writes none that is odd."""
    key = load_or_make_key(keys / "issuer.pem")
    claims = {
        "sub": "somebody",
        "practice": "bay-state",
        "roles": ["biller"],
        "iss": ISSUER,
        "aud": AUDIENCE,
        "exp": int((datetime.now(UTC) + timedelta(hours=1)).timestamp()),
    } | changes
    said = json.dumps({name: value for name, value in claims.items() if value is not ...}).encode()
    return jwt.api_jws.encode(said, key, algorithm="EdDSA", headers={"kid": key_id(key.public_key())})
