import { setTimeout as sleep } from 'node:timers/promises';
import { Beats, systemClock } from './beats.js';
import { EventParser } from './events.js';
import { Revocations } from './revocations.js';

/** The memory is trusted while the last beat is younger. */
const FRESH = 1_000;

/** The first proof may be as old as its request: a path that takes longer to answer proves nothing. */
const ANSWER = 1_000;

/** How long a connection without a byte is kept. */
const SILENCE = 2_000;

/** How long a connection without a fresh beat is kept. If a clock was set, only a new connection proves anything. */
const UNPROVEN = 5_000;

/** The same after a snapshot. If it took long, the proofs may be old; a new connection goes on without a snapshot. */
const AFTER_SNAPSHOT = 2_000;

const TICK = 100;

/** If the tick before the last one is older, the event loop was blocked, and something may wait on the socket. */
const BLOCKED = 3 * TICK;

const SHORTEST_WAIT = 100;
const LONGEST_WAIT = 1_000;

/** Nobody but an operator can help. */
const REFUSED_WAIT = 10_000;

const REMOVAL_INTERVAL = 10_000;

/** Keeps a connection to Roster's stream of revocations, and a memory of them. */
export class RevocationStream {
  revocations = new Revocations();
  #beats = new Beats();
  #url;
  #key;
  #onRevokedAll;
  #closing = new AbortController();
  #connection = new AbortController();
  /** @type {string | undefined} the id of the last event; without one, the memory is not complete */
  #cursor;
  #completeUntil = -Infinity;
  #failures = 0;
  #ticks = [systemClock.monotonic(), systemClock.monotonic()];
  #byteDeadline = Infinity;
  #proofDeadline = Infinity;
  #removeAt = -Infinity;
  /** @type {unknown} why the last connection ended */
  problem;

  /**
   * @param {string} url
   * @param {string} key the API key
   * @param {() => void} onRevokedAll
   */
  constructor(url, key, onRevokedAll) {
    this.#url = url;
    this.#key = key;
    this.#onRevokedAll = onRevokedAll;
    /** @type {Promise<void>} resolves when the memory can be trusted for the first time */
    this.ready = new Promise((resolve) => {
      this.#proven = resolve;
    });
    void this.#run();
  }

  #proven = () => {};

  /** Whether the memory was complete less than a second ago. */
  isFresh() {
    return this.#beats.age() < FRESH;
  }

  /** Call it every 100 ms. */
  tick() {
    const now = systemClock.monotonic();
    this.#ticks = [/** @type {number} */ (this.#ticks[1]), now];
    if (this.#wasBlocked()) {
      return; // first read what waits on the socket
    }
    if (now > this.#byteDeadline) {
      this.#connection.abort(new Error('Roster is silent'));
    } else if (now > this.#proofDeadline) {
      this.#connection.abort(new Error('Roster sends no beats, or they come late'));
    }
    if (now > this.#removeAt) {
      this.#removeAt = now + REMOVAL_INTERVAL;
      this.revocations.removeExpired(Math.min(this.#completeUntil, systemClock.wall()));
    }
  }

  close() {
    this.#closing.abort();
    this.#connection.abort(new Error('The verifier was closed'));
    this.#beats.connected();
  }

  #wasBlocked() {
    return systemClock.monotonic() - /** @type {number} */ (this.#ticks[0]) > BLOCKED;
  }

  async #run() {
    while (!this.#closing.signal.aborted) {
      let longest = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.#failures++);
      try {
        this.#connection = new AbortController();
        await this.#connect(this.#connection);
        this.problem = new Error('Roster has ended the stream');
      } catch (problem) {
        this.problem = this.#connection.signal.reason ?? problem;
        longest = problem instanceof Refused ? REFUSED_WAIT : longest;
      }
      this.#connection.abort();
      this.#byteDeadline = this.#proofDeadline = Infinity;
      await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  /** @param {AbortController} connection */
  async #connect({ signal }) {
    const start = this.#beats.now();
    this.#byteDeadline = start.monotonic + ANSWER;
    const response = await fetch(this.#url, {
      headers: {
        Authorization: `Bearer ${this.#key}`,
        Accept: 'text/event-stream',
        'Accept-Encoding': 'identity',
        ...(this.#cursor !== undefined && { 'Last-Event-ID': this.#cursor }),
      },
      redirect: 'error',
      signal,
    });
    await requireStream(response);
    const now = systemClock.monotonic();
    if (now - start.monotonic > ANSWER) {
      throw new Error('Roster answers too slowly');
    }
    this.#byteDeadline = now + SILENCE;
    this.#proofDeadline = now + UNPROVEN;
    this.#beats.connected(start);
    const parser = new EventParser();
    for await (const bytes of response.body ?? []) {
      this.#byteDeadline = systemClock.monotonic() + SILENCE;
      for (const { type, data, id } of parser.read(bytes)) {
        this.#apply(type, data, id);
      }
      if (parser.type === 'snapshot') {
        this.#proofDeadline = systemClock.monotonic() + UNPROVEN; // a large one on a slow link
      }
    }
  }

  /**
   * @param {string} type
   * @param {string} data
   * @param {string | undefined} id
   */
  #apply(type, data, id) {
    try {
      if (type === 'snapshot') {
        this.#heardOf(this.revocations.merge(JSON.parse(data)));
        this.#cursor = id;
        this.#proofDeadline = systemClock.monotonic() + AFTER_SNAPSHOT;
      } else if (type === 'revoked') {
        this.#heardOf(this.revocations.add(JSON.parse(data)));
      } else if (type === 'beat' && this.#cursor !== undefined) {
        this.#beat(Date.parse(JSON.parse(data).complete_until));
      }
      this.#cursor &&= id ?? this.#cursor;
    } catch (problem) {
      this.#cursor = undefined; // something was missed: ask for a snapshot
      this.#beats.connected();
      throw problem;
    }
  }

  /** @param {number} completeUntil */
  #beat(completeUntil) {
    this.#beats.received(completeUntil);
    this.#completeUntil = Math.max(this.#completeUntil, completeUntil);
    if (this.isFresh()) {
      this.#failures = 0;
      this.#proofDeadline = systemClock.monotonic() + UNPROVEN;
      this.#proven();
    }
  }

  /** @param {boolean} isOfAll */
  #heardOf(isOfAll) {
    if (isOfAll) {
      this.#onRevokedAll();
    }
  }
}

class Refused extends Error {}

/** @param {Response} response */
async function requireStream(response) {
  const type = response.headers.get('Content-Type') ?? '';
  if (response.status === 200 && type.startsWith('text/event-stream')) {
    return;
  }
  await response.body?.cancel();
  const message = `The stream of revocations answered ${response.status} ${type}`;
  throw response.status === 401 || response.status === 403 ? new Refused(message) : new Error(message);
}
