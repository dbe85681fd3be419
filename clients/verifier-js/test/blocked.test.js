// A service whose event loop is blocked reads late what came in time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { API_KEY, AUDIENCE, FakeRoster, ISSUER } from './fake-roster.js';

/** @returns the outcomes of the first second after the event loop was blocked for 1.5 s */
async function whileBlocked(t, roster, tokens, act) {
  const options = { url: roster.url, issuer: ISSUER, audience: AUDIENCE, apiKey: API_KEY };
  const workerData = { options, tokens, block: 1_500 };
  const worker = new Worker(new URL('blocked-service.js', import.meta.url), { workerData });
  t.after(() => worker.terminate());
  assert.deepEqual(await once(worker, 'message'), ['blocked']);
  act();
  const [outcomes] = await once(worker, 'message');
  return outcomes;
}

test('the beats that came in the meantime are read before a token is refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const tokens = { live: await roster.token(), revoked: await roster.token({ sid: 'revoked' }) };

  const { live, revoked } = await whileBlocked(t, roster, tokens, () => roster.revoke('revoked'));

  assert.equal(live[0], 'accepted');
  assert.deepEqual(new Set(revoked), new Set(['InvalidToken']));
});

test('beats that wait on the socket are as old as they are', async (t) => {
  const roster = await FakeRoster.start(t);
  const token = await roster.token();

  const { live } = await whileBlocked(t, roster, { live: token }, () => {
    roster.beat();
    roster.isBeating = false;
  });

  assert.deepEqual(new Set(live), new Set(['Unavailable']));
});

test('a first beat that has waited on the socket proves nothing', async (t) => {
  const roster = await FakeRoster.start(t, { isBeating: false });
  const token = await roster.token();

  const { live } = await whileBlocked(t, roster, { live: token }, () => roster.beat());

  assert.deepEqual(new Set(live), new Set(['Unavailable']));
});
