"""Checks each token of a line with jwcrypto, and prints "accepted", or why it is refused.

jwcrypto fetches no keys. So this does it, at the start and for an unknown key.
"""

import json
import sys
import urllib.request

from jwcrypto import common, jwk, jwt

jwks, algorithm, issuer, audience = sys.argv[1:]


def fetch():
    with urllib.request.urlopen(jwks, timeout=10) as response:
        return jwk.JWKSet.from_json(response.read())


keys = fetch()
for line in sys.stdin:
    token = line.strip()
    try:
        header = json.loads(common.base64url_decode(token.split(".")[0]))
        if keys.get_key(header["kid"]) is None:
            keys = fetch()
        jwt.JWT(jwt=token, key=keys, algs=[algorithm], check_claims={"iss": issuer, "aud": audience, "exp": None})
        print("accepted", flush=True)
    except (common.JWException, KeyError, ValueError) as error:
        print(f"refused: {error!r}", flush=True)
