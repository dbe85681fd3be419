// What happens while Roster cannot be heard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, FakeRoster, outcome, until } from './fake-roster.js';

const INTROSPECT = '/oauth/introspect';

async function stale(t, whenStale) {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t, { whenStale });
  await verifier.verify(await roster.token());
  roster.isBeating = false;
  await until('a stale memory', () => !verifier.isFresh);
  return { roster, verifier };
}

for (const whenStale of [undefined, 'refuse']) {
  test(`the policy ${whenStale} refuses all tokens`, async (t) => {
    const { roster, verifier } = await stale(t, whenStale);

    assert.equal(await outcome(verifier, await roster.token()), 'Unavailable');
    assert.equal(roster.count(INTROSPECT), 0);
  });
}

test('the policy accept-until-expiry accepts valid tokens that are not known to be revoked', async (t) => {
  const { roster, verifier } = await stale(t, 'accept-until-expiry');

  assert.equal(await outcome(verifier, await roster.token()), 'accepted');
  assert.equal(await outcome(verifier, await roster.token({ aud: 'other' })), 'InvalidToken');
  roster.revoke('session');
  const revoked = await roster.token({ sid: 'session' });
  await until('word of it', async () => (await outcome(verifier, revoked)) === 'InvalidToken');
});

test('the policy introspect asks Roster about valid tokens', async (t) => {
  const { roster, verifier } = await stale(t, 'introspect');
  roster.streams.clear(); // the network loses the revocation
  roster.revoke('revoked');

  assert.equal((await verifier.verify(await roster.token({ jti: 'live' }))).jti, 'live');
  assert.equal(await outcome(verifier, await roster.token({ jti: 'revoked' })), 'InvalidToken');
  assert.equal(roster.count(INTROSPECT), 2);
  const { headers } = roster.requests.find(({ path }) => path === INTROSPECT);
  assert.equal(headers.authorization, `Bearer ${API_KEY}`);
  assert.match(headers['content-type'], /^application\/x-www-form-urlencoded/);
});

test('the policy introspect asks nothing about other tokens, nor while the memory is fresh', async (t) => {
  const { roster, verifier } = await stale(t, 'introspect');

  assert.equal(await outcome(verifier, await roster.token({ aud: 'other' })), 'InvalidToken');
  roster.isBeating = true;
  await until('a fresh memory', () => verifier.isFresh);
  assert.equal(await outcome(verifier, await roster.token()), 'accepted');
  assert.equal(roster.count(INTROSPECT), 0);
});

const failures = {
  'an error': (_, response) => response.writeHead(401).end('{"active":true}'),
  'a redirect': (_, response) => response.writeHead(307, { Location: '/elsewhere' }).end(),
  'no JSON': (_, response) => response.end('<html>'),
  'too many bytes': (_, response) => response.end(`{"active":true,"x":"${'x'.repeat(50_000)}"}`),
  'an answer that never comes': () => {},
};
for (const [name, handler] of Object.entries(failures)) {
  test(`the policy introspect refuses if Roster gives ${name}`, async (t) => {
    const { roster, verifier } = await stale(t, 'introspect');
    roster.handlers.set(INTROSPECT, handler);

    assert.equal(await outcome(verifier, await roster.token()), 'Unavailable');
    assert.equal(roster.count('/elsewhere'), 0);
  });
}

for (const answer of ['{}', '{"active":"true"}', '{"active":false}']) {
  test(`the answer ${answer} is not one about a live token`, async (t) => {
    const { roster, verifier } = await stale(t, 'introspect');
    roster.handlers.set(INTROSPECT, (_, response) => response.end(answer));

    assert.equal(await outcome(verifier, await roster.token()), 'InvalidToken');
  });
}

test('at most 64 tokens are introspected at once', async (t) => {
  const { roster, verifier } = await stale(t, 'introspect');
  roster.handlers.set(INTROSPECT, () => {});
  const token = await roster.token();

  const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome(verifier, token)));

  assert.deepEqual(new Set(outcomes), new Set(['Unavailable']));
  assert.equal(roster.count(INTROSPECT), 64);
});
