// The parts whose rules depend on clocks and pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Beats } from '../src/beats.js';
import { EventParser } from '../src/events.js';
import { Revocations } from '../src/revocations.js';

/** Clocks that stand until they are moved. */
function clock() {
  const times = { monotonic: 5_000, wall: 1_000_000 };
  return {
    monotonic: () => times.monotonic,
    wall: () => times.wall,
    pass: (ms) => {
      times.monotonic += ms;
      times.wall += ms;
    },
    sleep: (ms) => (times.wall += ms),
    set: (ms) => (times.wall += ms),
  };
}

test('without a beat there is no proof', () => {
  const beats = new Beats(clock());
  beats.connected();

  assert.equal(beats.age(), Infinity);
});

test('a beat grows old', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);
  assert.equal(beats.age(), 0);

  time.pass(999);
  assert.equal(beats.age(), 999);

  beats.received(999);
  assert.equal(beats.age(), 0);
});

test('a beat is as old as the network has held it back', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);

  time.pass(2_000);
  beats.received(250);
  assert.equal(beats.age(), 1_750);
  time.pass(10);
  beats.received(1_900);

  assert.equal(beats.age(), 110);
});

test('a quicker beat is the new measure', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);

  time.pass(100);
  beats.received(200);
  assert.equal(beats.age(), 0);
  time.pass(100);
  beats.received(250);

  assert.equal(beats.age(), 50);
});

test('each connection has its own measure', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);

  beats.connected();
  assert.equal(beats.age(), Infinity);
  time.set(5_000);
  beats.connected();
  beats.received(0);

  assert.equal(beats.age(), 0);
});

test('a beat grows old while the computer sleeps', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);

  time.sleep(60_000);

  assert.equal(beats.age(), 60_000);
});

test('a clock that is set back makes no beat younger', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.received(0);

  time.pass(1_500);
  time.set(-3_600_000);

  assert.equal(beats.age(), 1_500);
});

test('a first beat is as old as its request, and the others are compared with it', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.connected();

  time.pass(1_200); // a path with a constant delay: the beat of 250 ms after the request
  beats.received(250);
  assert.equal(beats.age(), 1_200);
  time.pass(250);
  beats.received(500);
  assert.equal(beats.age(), 1_200);
  time.pass(100);
  beats.received(750); // the path became quicker
  assert.equal(beats.age(), 1_050);
});

test('a first beat that waited while the computer slept is as old as that', () => {
  const time = clock();
  const beats = new Beats(time);
  beats.connected();

  time.sleep(60_000);
  beats.received(0);

  assert.equal(beats.age(), 60_000);
});

test('a beat without a moment is an error', () => {
  assert.throws(() => new Beats(clock()).received(NaN));
});

test('ids are removed a minute after they expire', () => {
  const revocations = new Revocations();
  revocations.add({ id: 'early', exp: 1_000 });
  revocations.add({ id: 'late', exp: 2_000 });

  revocations.removeExpired(1_059_000);
  assert.equal(revocations.size, 2);
  revocations.removeExpired(1_061_000);

  assert.equal(revocations.cover({ jti: 'early' }), false);
  assert.equal(revocations.cover({ jti: 'late' }), true);
});

test('a new snapshot takes nothing away', () => {
  const revocations = new Revocations();
  revocations.add({ id: 'old', exp: 2_000 });
  assert.equal(revocations.add({ revoked_until: 100, exp: 1 }), true);
  assert.equal(revocations.cover({ iat: 100 }), true);
  assert.equal(revocations.cover({ iat: 101 }), false);

  assert.equal(revocations.merge({ revoked: [{ id: 'new', exp: 2_000 }, { id: 'old', exp: 1 }] }), false);
  assert.equal(revocations.merge({ revoked: [], revoked_until: 50 }), false);

  revocations.removeExpired(1_500_000);
  assert.equal(revocations.cover({ jti: 'old', iat: 200 }), true);
  assert.equal(revocations.cover({ jti: 'new', iat: 200 }), true);
  assert.equal(revocations.cover({ iat: 100 }), true);
});

test('a revocation of all tokens counts as heard once', () => {
  const revocations = new Revocations();
  assert.equal(revocations.merge({ revoked: [], revoked_until: 100 }), true);
  assert.equal(revocations.merge({ revoked: [], revoked_until: 100 }), false);
  assert.equal(revocations.merge({ revoked: [], revoked_until: 101 }), true);

  assert.equal(revocations.add({ revoked_until: 50, exp: 1 }), true); // it just happened, and may be for another key

  assert.equal(revocations.cover({ iat: 101 }), true);
});

for (const snapshot of [{}, { revoked: [{}] }, { revoked: [{ id: 'x' }] }, { revoked: [], revoked_until: '1' }]) {
  test(`${JSON.stringify(snapshot)} takes nothing away`, () => {
    const revocations = new Revocations();
    revocations.add({ id: 'old', exp: 1 });

    assert.throws(() => revocations.merge(snapshot));

    assert.equal(revocations.cover({ jti: 'old' }), true);
  });
}

test('the memory has a limit', () => {
  const revocations = new Revocations();

  assert.throws(() => {
    for (let i = 0; i <= 1_000_000; i++) {
      revocations.add({ id: `${i}`, exp: 1 });
    }
  }, /more than 1000000/);
});

test('events are read from pieces of any length', () => {
  const whole = 'event: a\r\nid: 1\r\ndata: {"x":\r\ndata:  "ü"}\r\n\r\ndata\n\ndata:y\nid\n\n';
  const text = `:\nretry: 500\n\n${whole}event: half\ndata: z\n`;
  const bytes = new TextEncoder().encode(text);

  for (let length = 1; length <= bytes.length; length++) {
    const parser = new EventParser();
    const events = [];
    for (let start = 0; start < bytes.length; start += length) {
      events.push(...parser.read(bytes.subarray(start, start + length)));
    }
    assert.deepEqual(events, [
      { type: 'a', data: '{"x":\n "ü"}', id: '1' },
      { type: '', data: 'y', id: '' },
    ]);
  }
});

test('an event has a limit', () => {
  const parser = new EventParser();
  const line = new TextEncoder().encode(`data: ${'x'.repeat(1_000_000)}\n`);

  assert.throws(() => {
    for (let i = 0; i < 100; i++) {
      parser.read(line).next();
    }
  }, /more than 80000000/);
});
