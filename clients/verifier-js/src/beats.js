/** @typedef {{ monotonic: () => number, wall: () => number }} Clock both in ms */

/** @typedef {{ monotonic: number, wall: number }} Moment on both clocks, in ms */

/** @type {Clock} */
export const systemClock = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Tells how old the newest proof is that the memory of revocations is complete, at most. The clocks of the database and
 * of this computer may differ by any constant. Roster sends only proofs that it made after the request. So the first
 * beat of a connection is at most as old as its request, and this tells how far the clocks may differ; the other beats
 * are compared with it. A network that holds each beat back for the same time makes them all old.
 */
export class Beats {
  #clock;
  /** @type {Moment} */
  #request;
  /** @type {number | undefined} what the difference between a beat's receipt and its moment would be without a delay */
  #smallest;
  /** @type {Moment & { delay: number } | undefined} */
  #last;

  constructor(clock = systemClock) {
    this.#clock = clock;
    this.#request = this.now();
  }

  /** @returns {Moment} */
  now() {
    return { monotonic: this.#clock.monotonic(), wall: this.#clock.wall() };
  }

  /**
   * A connection begins. Until its first beat, nothing is proven.
   *
   * @param {Moment} request before its request was sent
   */
  connected(request = this.now()) {
    this.#request = request;
    this.#smallest = undefined;
    this.#last = undefined;
  }

  /** @param {number} completeUntil the moment of the beat, in ms */
  received(completeUntil) {
    const difference = this.#clock.wall() - completeUntil;
    if (Number.isNaN(difference)) {
      throw new Error('A beat has no moment');
    }
    this.#smallest = Math.min(this.#smallest ?? difference - this.#since(this.#request), difference);
    this.#last = { ...this.now(), delay: difference - this.#smallest };
  }

  /** How old the newest proof is at most, in ms. */
  age() {
    return this.#last === undefined ? Infinity : this.#since(this.#last) + this.#last.delay;
  }

  /**
   * The monotonic clock stands while a computer sleeps; the other may be set.
   *
   * @param {Moment} moment
   */
  #since({ monotonic, wall }) {
    return Math.max(this.#clock.monotonic() - monotonic, this.#clock.wall() - wall);
  }
}
