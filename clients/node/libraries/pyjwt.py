"""Checks each token of a line with PyJWT, and prints "accepted", or why it is refused."""

import sys

import jwt

jwks, algorithm, issuer, audience = sys.argv[1:]
keys = jwt.PyJWKClient(jwks)
for line in sys.stdin:
    token = line.strip()
    try:
        key = keys.get_signing_key_from_jwt(token)
        jwt.decode(token, key.key, algorithms=[algorithm], issuer=issuer, audience=audience)
        print("accepted", flush=True)
    except jwt.PyJWTError as error:
        print(f"refused: {error!r}", flush=True)
