// Which tokens are accepted.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { exportSPKI, generateKeyPair } from 'jose';
import { createVerifier, InvalidToken } from 'roster-verifier';
import { API_KEY, AUDIENCE, FakeRoster, ISSUER } from './fake-roster.js';

const now = () => Math.floor(Date.now() / 1000);
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

for (const algorithm of ['ES256', 'RS256', 'EdDSA']) {
  test(`a token with ${algorithm} is accepted, and its claims are returned`, async (t) => {
    const roster = await FakeRoster.start(t, { algorithm });
    const verifier = await roster.verifier(t);
    const claims = { sub: 'viola', sid: 'session', jti: 'token', role: 'admin', iat: now() - 1, exp: now() + 9 };

    const verified = await verifier.verify(await roster.token({ ...claims, auth_time: 1 }));

    assert.deepEqual(verified, { iss: ISSUER, aud: AUDIENCE, auth_time: 1, ...claims });
    assert.equal(verifier.isFresh, true);
  });
}

const accepted = {
  'without sid': { sid: undefined },
  'for many audiences': { aud: ['other', AUDIENCE] },
  'that expired within the leeway': () => ({ iat: now() - 900, exp: now() - 2 }),
  'of a clock that is ahead by less than a minute': () => ({ iat: now() + 50 }),
};
for (const [name, claims] of Object.entries(accepted)) {
  test(`a token ${name} is accepted`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);

    await verifier.verify(await roster.token(typeof claims === 'function' ? claims() : claims));
  });
}

const wrongClaims = {
  'of another issuer': { iss: `${ISSUER}/` },
  'for another audience': { aud: 'other' },
  'for other audiences': { aud: ['other'] },
  'that has expired': () => ({ exp: now() - 6 }),
  'of the future': () => ({ iat: now() + 70 }),
  'that begins in the future': () => ({ nbf: now() + 70 }),
  'without iss': { iss: undefined },
  'without aud': { aud: undefined },
  'without sub': { sub: undefined },
  'without jti': { jti: undefined },
  'without iat': { iat: undefined },
  'without exp': { exp: undefined },
  'whose jti is a number': { jti: 1 },
  'whose sub is empty': { sub: '' },
  'whose sid is null': { sid: null },
  'whose sid is an array': { sid: [] },
  'whose iat is a string': { iat: '1' },
  'whose exp is a string': () => ({ exp: String(now() + 900) }),
};
for (const [name, claims] of Object.entries(wrongClaims)) {
  test(`a token ${name} is refused`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);

    await assert.rejects(verifier.verify(await roster.token(typeof claims === 'function' ? claims() : claims)), {
      name: 'InvalidToken',
      status: 401,
    });
  });
}

const elsewhere = 'http://127.0.0.1:9/keys';
const wrongHeaders = {
  'of another type': { typ: 'JWT' },
  'without a type': { typ: undefined },
  'without kid': { kid: undefined },
  'with jku': { jku: elsewhere },
  'with x5u': { x5u: elsewhere },
  'with x5c': { x5c: ['MIIB'] },
  'with crit': { crit: ['exp'], exp: 1 },
  'with b64': { crit: ['b64'], b64: true },
};
for (const [name, header] of Object.entries(wrongHeaders)) {
  test(`a token ${name} in its header is refused`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);

    await assert.rejects(verifier.verify(await roster.token({}, header)), InvalidToken);
  });
}

test('a token that brings its own key is refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const thief = await roster.addKey();
  roster.keys.shift();

  await assert.rejects(verifier.verify(await roster.token({}, { jwk: thief.jwk }, thief)), InvalidToken);
  const withKnownKid = { kid: roster.keys[0].kid, jwk: thief.jwk };
  await assert.rejects(verifier.verify(await roster.token({}, withKnownKid, thief)), InvalidToken);
});

test('a token with the kid of a key and the signature of another is refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const { privateKey } = await generateKeyPair('ES256');

  await assert.rejects(verifier.verify(await roster.token({}, {}, { ...roster.keys[0], privateKey })), InvalidToken);
});

test('a token with HS256 and the public key as its secret is refused', async (t) => {
  const roster = await FakeRoster.start(t, { algorithm: 'RS256' });
  const verifier = await roster.verifier(t);
  const [, payload] = (await roster.token()).split('.');
  const { publicKey, jwk, kid } = roster.keys[0];

  for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.n]) {
    for (const header of [{ alg: 'HS256', typ: 'at+jwt', kid }, { alg: 'HS256', typ: 'at+jwt' }]) {
      const content = `${part(header)}.${payload}`;
      const token = `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
      await assert.rejects(verifier.verify(token), InvalidToken);
    }
  }
});

test('a token without a signature is refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const [, payload, signature] = (await roster.token()).split('.');
  const header = part({ alg: 'none', typ: 'at+jwt', kid: roster.keys[0].kid });

  await assert.rejects(verifier.verify(`${header}.${payload}.`), InvalidToken);
  await assert.rejects(verifier.verify(`${header}.${payload}.${signature}`), InvalidToken);
});

test('a token with another algorithm than that of its key is refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const rsa = await roster.addKey('RS256');
  const verifier = await roster.verifier(t);
  const ec = roster.keys[1];

  await assert.rejects(verifier.verify(await roster.token({}, {}, { ...rsa, kid: ec.kid })), InvalidToken);
  await assert.rejects(verifier.verify(await roster.token({}, {}, { ...ec, kid: rsa.kid })), InvalidToken);
  const pss = { privateKey: (await generateKeyPair('PS256')).privateKey, alg: 'PS256', kid: rsa.kid };
  await assert.rejects(verifier.verify(await roster.token({}, {}, pss)), InvalidToken);
});

for (const token of [undefined, null, 1, {}, '', 'x', '..', 'e30.e30.e30', 'a'.repeat(9_000)]) {
  test(`${JSON.stringify(token)?.slice(0, 20)} is not a token`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);

    await assert.rejects(verifier.verify(token), InvalidToken);
  });
}

test('no request goes to an address in a token', async (t) => {
  const roster = await FakeRoster.start(t);
  const other = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const jku = `${other.url}/.well-known/jwks.json`;

  await assert.rejects(verifier.verify(await other.token({}, { jku, x5u: jku })), InvalidToken);

  assert.deepEqual(other.requests, []);
});

const wrongOptions = {
  'url without http': { url: 'ftp://roster.example' },
  'url with a user': { url: 'https://user@roster.example' },
  'url with a query': { url: 'https://roster.example?x=1' },
  'missing url': { url: undefined },
  'missing issuer': { issuer: undefined },
  'empty audience': { audience: '' },
  'missing key': { apiKey: undefined },
  'unknown policy': { whenStale: 'accept' },
};
for (const [name, options] of Object.entries(wrongOptions)) {
  test(`a verifier is not created with a ${name}`, async () => {
    const usual = { url: 'https://roster.example', issuer: ISSUER, audience: AUDIENCE, apiKey: API_KEY };

    await assert.rejects(createVerifier({ ...usual, ...options }), TypeError);
  });
}
