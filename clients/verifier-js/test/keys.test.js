// Which keys are known, and how often Roster is asked for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKeyPair } from 'jose';
import { InvalidToken } from 'roster-verifier';
import { FakeRoster, outcome, until, untilOutcome } from './fake-roster.js';

const JWKS = '/.well-known/jwks.json';

test('a token of a new key is accepted at once', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  await roster.addKey();

  await verifier.verify(await roster.token());
  await verifier.verify(await roster.token({}, {}, roster.keys[1]));

  assert.equal(roster.count(JWKS), 2);
});

test('many tokens with an unknown kid cause one request', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const { privateKey } = await generateKeyPair('ES256');
  const tokens = Array.from({ length: 100 }, (_, i) => roster.token({}, {}, { privateKey, alg: 'ES256', kid: `${i}` }));

  const outcomes = await Promise.all(tokens.map(async (token) => outcome(verifier, await token)));

  assert.deepEqual(new Set(outcomes), new Set(['InvalidToken']));
  assert.equal(roster.count(JWKS), 2);
});

test('many tokens of a new key share one request', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  await roster.addKey();
  const token = await roster.token();

  await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));

  assert.equal(roster.count(JWKS), 2);
});

test('the keys are fetched again when their max-age has passed', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.maxAge = 0;
  const verifier = await roster.verifier(t);
  const token = await roster.token();
  await verifier.verify(token);
  roster.keys.pop();
  await roster.addKey();

  await untilOutcome(verifier, token, 'InvalidToken');

  await verifier.verify(await roster.token());
});

test('a key that has leaked is refused when all tokens are revoked', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const leaked = roster.keys.pop();
  await roster.addKey();
  const iat = Math.floor(Date.now() / 1000) + 30; // after the revocation
  const forged = await roster.token({ iat }, {}, leaked);

  roster.revokeAll();

  await untilOutcome(verifier, forged, 'InvalidToken');
  await verifier.verify(await roster.token({ iat }));
});

test('no key is trusted until the keys were fetched after all tokens were revoked', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t, { whenStale: 'accept-until-expiry' });
  const token = await roster.token({ iat: Math.floor(Date.now() / 1000) + 30 });
  await verifier.verify(token);
  roster.handlers.set(JWKS, (_, response) => response.writeHead(500).end());

  roster.revokeAll();

  await untilOutcome(verifier, token, 'Unavailable');
  assert.equal(verifier.isFresh, false);
  roster.handlers.clear();
  await untilOutcome(verifier, token, 'accepted');
});

test('a request for the keys that began before all tokens were revoked does not count', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const [leaked] = roster.keys;
  const forged = await roster.token({ iat: Math.floor(Date.now() / 1000) + 30 });
  const waiting = [];
  roster.handlers.set(JWKS, (_, response) => waiting.push(response));
  await roster.addKey();
  const verified = verifier.verify(await roster.token()); // its kid is unknown
  await until('a request for the keys', () => waiting.length === 1);

  roster.revokeAll(1);
  await until('word of the revocation', () => !verifier.isFresh);
  const answer = (keys) => waiting.shift().end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));
  answer(roster.keys);
  await until('another request', () => waiting.length === 1);
  answer(roster.keys.filter((key) => key !== leaked));

  await verified;
  await assert.rejects(verifier.verify(forged), InvalidToken);
});

const failures = {
  'an error': (_, response) => response.writeHead(500).end('{"keys":[]}'),
  'a redirect': (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end(),
  'no JSON': (_, response) => response.end('<html>'),
  'too many bytes': (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(200_000)}"}`),
  nothing: (request) => request.socket.destroy(),
  'an answer that never comes': () => {},
  'an answer that never ends': (_, response) => response.write('{"keys":['),
};
for (const [name, handler] of Object.entries(failures)) {
  test(`the known keys stay if Roster gives ${name}, and an unknown kid is 503`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);
    roster.handlers.set(JWKS, handler);
    const known = await roster.token();
    await roster.addKey();

    await assert.rejects(verifier.verify(await roster.token()), { name: 'Unavailable', status: 503 });

    await verifier.verify(known);
    assert.equal(roster.count('/elsewhere'), 0);
  });
}

const noKeys = {
  'that it has none (404)': (_, response) => response.writeHead(404).end(),
  'an empty set': (_, response) => response.end('{"keys":[]}'),
};
for (const [name, handler] of Object.entries(noKeys)) {
  test(`the known keys are dropped if Roster gives ${name}`, async (t) => {
    const roster = await FakeRoster.start(t);
    roster.maxAge = 0;
    const verifier = await roster.verifier(t, { whenStale: 'accept-until-expiry' });
    const token = await roster.token();
    await verifier.verify(token);
    roster.handlers.set(JWKS, handler);

    await untilOutcome(verifier, token, 'Unavailable');
    assert.equal(verifier.isFresh, false);

    roster.handlers.clear();
    await untilOutcome(verifier, token, 'accepted');
  });
}

test('a Roster that signs with HS256 is named as the cause', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.handlers.set(JWKS, (_, response) => response.writeHead(404).end('{"detail":"Set TOKEN_ALGORITHM"}'));
  const verifier = await roster.verifier(t);

  const error = await verifier.verify(await roster.token()).catch((reason) => reason);

  assert.equal(error.name, 'Unavailable');
  assert.match(error.cause.message, /404.*TOKEN_ALGORITHM/);
});

test('keys of other kinds are left out', async (t) => {
  const roster = await FakeRoster.start(t);
  const [{ jwk }] = roster.keys;
  const others = [
    { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' },
    { ...jwk, kid: 'enc', use: 'enc' },
    { ...jwk, kid: 'alg', alg: 'ES384' },
    { ...jwk, kid: 'curve', crv: 'P-384' },
  ];
  roster.handlers.set(JWKS, (_, response) => response.end(JSON.stringify({ keys: [...others, jwk] })));
  const verifier = await roster.verifier(t);

  await verifier.verify(await roster.token());
  for (const other of others) {
    const token = await roster.token({}, {}, { ...roster.keys[0], kid: other.kid });
    assert.equal(await outcome(verifier, token), 'InvalidToken');
  }
});
