/** @typedef {{ monotonic: () => number, wall: () => number }} Clock both in ms */

/** @type {Clock} */
export const systemClock = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Tells how old the newest proof is that the memory of revocations is complete. The clocks of the database and of this
 * computer may differ by any constant: of each beat, the difference between its receipt and its moment counts, compared
 * with the smallest one of the same connection. What exceeds that one is the time for which the network held the beat
 * back.
 */
export class Beats {
  #clock;
  #smallest = Infinity;
  /** @type {{ monotonic: number, wall: number, delay: number } | undefined} */
  #last;

  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** A connection begins. Until its first beat, nothing is proven. */
  connected() {
    this.#smallest = Infinity;
    this.#last = undefined;
  }

  /**
   * @param {number} completeUntil the moment of the beat, in ms
   * @param {boolean} mayHaveWaited the event loop was blocked, so the beat may have come some time ago
   */
  received(completeUntil, mayHaveWaited) {
    const difference = this.#clock.wall() - completeUntil;
    if (Number.isNaN(difference)) {
      throw new Error('A beat has no moment');
    }
    if (mayHaveWaited && this.#smallest === Infinity) {
      return; // there is nothing to compare it with
    }
    this.#smallest = Math.min(this.#smallest, difference);
    const delay = difference - this.#smallest;
    this.#last = { monotonic: this.#clock.monotonic(), wall: this.#clock.wall(), delay };
  }

  /** The age of the newest proof in ms. The monotonic clock stands while a computer sleeps; the other may be set. */
  age() {
    if (this.#last === undefined) {
      return Infinity;
    }
    const { monotonic, wall, delay } = this.#last;
    return Math.max(this.#clock.monotonic() - monotonic, this.#clock.wall() - wall) + delay;
  }
}
