// The stream of revocations, and what happens without it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { FakeRoster, outcome, until, untilOutcome } from './fake-roster.js';

const STREAM = '/api/v1/revocations';
const ids = () => ({ jti: randomUUID(), sid: randomUUID(), sub: randomUUID() });

for (const name of ['jti', 'sid', 'sub']) {
  test(`a token is refused when its ${name} is revoked`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);
    const claims = ids();
    const token = await roster.token(claims);
    await verifier.verify(token);

    roster.revoke(claims[name]);

    await untilOutcome(verifier, token, 'InvalidToken');
    await verifier.verify(await roster.token());
  });

  test(`a token whose ${name} was revoked earlier is refused from the start`, async (t) => {
    const roster = await FakeRoster.start(t);
    const claims = ids();
    roster.revoke(randomUUID());
    roster.revoke(claims[name]);
    const verifier = await roster.verifier(t);

    await assert.rejects(verifier.verify(await roster.token(claims)), { name: 'InvalidToken', status: 401 });
  });
}

test('all tokens that were issued until a moment are refused', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const now = Math.floor(Date.now() / 1000);
  const [before, at, after] = await Promise.all([-11, -10, -9].map((ahead) => roster.token({ iat: now + ahead })));

  roster.revokeAll(now - 10);

  await untilOutcome(verifier, before, 'InvalidToken');
  await untilOutcome(verifier, at, 'InvalidToken');
  await untilOutcome(verifier, after, 'accepted');
  const late = await roster.verifier(t);
  assert.equal(await outcome(late, at), 'InvalidToken');
  await untilOutcome(late, after, 'accepted');
});

test('no token is accepted before the first beat', async (t) => {
  const roster = await FakeRoster.start(t, { isBeating: false });
  const verifier = await roster.verifier(t);
  const token = await roster.token();
  assert.equal(verifier.isFresh, false);
  await assert.rejects(verifier.verify(token), { name: 'Unavailable', status: 503 });

  roster.isBeating = true;

  await untilOutcome(verifier, token, 'accepted');
});

test('a beat before the snapshot proves nothing', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.snapshot = () => '';
  const verifier = await roster.verifier(t);

  assert.equal(await outcome(verifier, await roster.token()), 'Unavailable');
});

test('tokens are refused while the link is silent, and accepted again afterwards', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const claims = ids();
  const [token, revoked] = [await roster.token(), await roster.token(claims)];
  await verifier.verify(token);

  roster.isBeating = false;
  await untilOutcome(verifier, token, 'Unavailable');
  roster.streams.clear(); // the network loses this
  roster.revoke(claims.sid);
  await until('another connection', () => roster.streams.size === 1);
  roster.isBeating = true;

  await untilOutcome(verifier, token, 'accepted');
  assert.equal(await outcome(verifier, revoked), 'InvalidToken');
});

test('a revocation without a beat is heard, but proves nothing', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const claims = ids();
  const [token, revoked] = [await roster.token(), await roster.token(claims)];
  roster.isBeating = false;
  await untilOutcome(verifier, token, 'Unavailable');

  roster.revoke(claims.sid);

  await untilOutcome(verifier, revoked, 'InvalidToken');
  assert.equal(await outcome(verifier, token), 'Unavailable');
});

test('beats that come late prove nothing', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const token = await roster.token();

  roster.behind = 1_100;
  await untilOutcome(verifier, token, 'Unavailable');
  const { streams, requests } = roster;
  assert.equal(streams.size, 1);
  assert.equal(requests.filter(({ path }) => path === STREAM).length, 1);
  roster.behind = 0;

  await untilOutcome(verifier, token, 'accepted');
  assert.equal(roster.count(STREAM), 1);
});

test('beats that the network has held back prove nothing', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const token = await roster.token();

  roster.holdBack();
  const revoked = await roster.token({ sid: 'held-back' });
  roster.revoke('held-back');
  await until('a beat', () => roster.held.length > 2);
  roster.isBeating = false;
  const late = Date.now() + 1_000;
  await until('these are old', () => Date.now() > late);
  roster.release();

  await untilOutcome(verifier, revoked, 'InvalidToken');
  assert.equal(await outcome(verifier, token), 'Unavailable');
});

test('a path with a constant delay proves nothing if it is long', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.delay = 1_000;
  const verifier = await roster.verifier(t);
  const token = await roster.token();
  assert.equal(await outcome(verifier, token), 'Unavailable');

  roster.delay = 0;

  await untilOutcome(verifier, token, 'accepted');
});

test('the clocks of Roster and the service may differ', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.behind = 3_600_000;
  const verifier = await roster.verifier(t);

  await verifier.verify(await roster.token());
});

test('a connection whose beats come late for long is replaced, since a clock may have been set', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  const token = await roster.token();

  roster.behind = 3_600_000;
  await untilOutcome(verifier, token, 'Unavailable');

  await untilOutcome(verifier, token, 'accepted');
  assert.equal(roster.count(STREAM), 2);
});

test('after a cut the stream goes on from the last event', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  roster.revoke('before');
  const [token, before] = [await roster.token({ jti: 'during' }), await roster.token({ jti: 'before' })];
  await untilOutcome(verifier, before, 'InvalidToken');
  const { cursor } = roster;

  roster.cut();
  roster.streams.clear();
  roster.revoke('during');

  await untilOutcome(verifier, token, 'InvalidToken');
  await untilOutcome(verifier, await roster.token(), 'accepted');
  assert.equal(await outcome(verifier, before), 'InvalidToken');
  assert.equal(roster.requests.filter(({ path }) => path === STREAM).at(-1).headers['last-event-id'], cursor);
});

test('a snapshot of another node that knows less takes nothing away', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);
  roster.revoke('ended');
  const [ended, during] = [await roster.token({ sid: 'ended' }), await roster.token({ sid: 'during' })];
  await untilOutcome(verifier, ended, 'InvalidToken');

  await roster.down();
  await untilOutcome(verifier, during, 'Unavailable');
  roster.revoked.pop();
  roster.revoke('during');
  await roster.restart();

  await untilOutcome(verifier, during, 'InvalidToken');
  await until('trust', () => verifier.isFresh);
  assert.equal(await outcome(verifier, ended), 'InvalidToken');
});

test('half a snapshot takes nothing away', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t, { whenStale: 'accept-until-expiry' });
  roster.revoke('known');
  const known = await roster.token({ sid: 'known' });
  await untilOutcome(verifier, known, 'InvalidToken');
  roster.isBeating = false;
  const whole = roster.snapshot;
  roster.snapshot = () => 'event: snapshot\nid: half\ndata: {"revoked":[\n';

  await roster.restart();
  await until('half a snapshot', () => roster.streams.size === 1);
  assert.equal(await outcome(verifier, known), 'InvalidToken');
  roster.snapshot = whole;
  roster.isBeating = true;
  roster.cut();

  await until('trust', () => verifier.isFresh);
  assert.equal(await outcome(verifier, known), 'InvalidToken');
  assert.ok(roster.requests.every(({ headers }) => headers['last-event-id'] !== 'half'));
});

test('a large snapshot may take long on a slow link', async (t) => {
  const roster = await FakeRoster.start(t);
  roster.revoke('known');
  const usual = roster.usual(STREAM);
  const lines = roster.snapshot().split('\n');
  roster.handlers.set(STREAM, async (request, response) => {
    if (request.headers['last-event-id'] !== undefined) {
      return usual(request, response);
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const write = (some) => response.write(some.map((line) => `${line}\n`).join(''));
    write(lines.slice(0, 3));
    for (let i = 0; i < 12; i++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      write([`data: {"id":"${i}","exp":${Date.now()}},`]);
    }
    write(lines.slice(3, -1));
    roster.streams.add(response);
    response.on('close', () => roster.streams.delete(response));
  });
  const verifier = await roster.verifier(t);

  await untilOutcome(verifier, await roster.token(), 'accepted');

  for (const jti of ['known', '0', '11']) {
    assert.equal(await outcome(verifier, await roster.token({ jti })), 'InvalidToken');
  }
});

for (const text of ['event: revoked\nid: x\ndata: {"id":1,"exp":2}\n\n', 'event: beat\nid: x\ndata: {}\n\n']) {
  test(`after ${JSON.stringify(text)} a new snapshot is asked for`, async (t) => {
    const roster = await FakeRoster.start(t);
    const verifier = await roster.verifier(t);

    roster.send(text);
    await until('another connection', () => roster.count(STREAM) === 2);

    await untilOutcome(verifier, await roster.token(), 'accepted');
    assert.equal(roster.requests.filter(({ path }) => path === STREAM)[1].headers['last-event-id'], undefined);
  });
}

test('unknown events and comments are ignored', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);

  roster.send(': comment\n\nevent: news\ndata: [\n\n');
  roster.revoke('later');

  await untilOutcome(verifier, await roster.token({ sid: 'later' }), 'InvalidToken');
  assert.equal(roster.count(STREAM), 1);
});

test('a Roster that is down at the start is found later', async (t) => {
  const roster = await FakeRoster.start(t);
  await roster.down();
  const verifier = await roster.verifier(t);
  const token = await roster.token();
  const error = await verifier.verify(token).catch((reason) => reason);
  assert.equal(error.name, 'Unavailable');
  assert.equal(error.cause.cause.code, 'ECONNREFUSED');

  await roster.listen();

  await untilOutcome(verifier, token, 'accepted');
});

const refusals = {
  'a redirect': [(_, response) => response.writeHead(307, { Location: '/elsewhere' }).end(), /redirect/],
  'no stream': [(_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('x'), /text\/html/],
  'no free place': [(_, response) => response.writeHead(503).end(), /503/],
  'no answer': [() => {}, /silent/],
};
for (const [name, [handler, message]] of Object.entries(refusals)) {
  test(`nothing is trusted while the stream gives ${name}`, async (t) => {
    const roster = await FakeRoster.start(t);
    roster.handlers.set(STREAM, handler);
    const verifier = await roster.verifier(t);
    const token = await roster.token();
    const { cause, status } = await verifier.verify(token).catch((reason) => reason);
    assert.equal(status, 503);
    assert.match(`${cause} ${cause.cause}`, message);
    assert.equal(roster.count('/elsewhere'), 0);

    roster.handlers.clear();

    await untilOutcome(verifier, token, 'accepted');
  });
}

test('a wrong key is named as the cause, and seldom tried', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t, { apiKey: 'rk_wrong' });

  const error = await verifier.verify(await roster.token()).catch((reason) => reason);

  assert.equal(error.name, 'Unavailable');
  assert.match(error.cause.message, /401/);
  assert.equal(roster.count(STREAM), 1);
});

test('a closed verifier trusts its memory no more, and leaves the stream', async (t) => {
  const roster = await FakeRoster.start(t);
  const verifier = await roster.verifier(t);

  verifier.close();

  assert.equal(await outcome(verifier, await roster.token()), 'Unavailable');
  await until('no connection', () => roster.streams.size === 0);
});
