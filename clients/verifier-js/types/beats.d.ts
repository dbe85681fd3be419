/** @typedef {{ monotonic: () => number, wall: () => number }} Clock both in ms */
export type Clock = {
    monotonic: () => number;
    wall: () => number;
};
/** @type {Clock} */
export declare const systemClock: Clock;
/**
 * Tells how old the newest proof is that the memory of revocations is complete. The clocks of the database and of this
 * computer may differ by any constant: of each beat, the difference between its receipt and its moment counts, compared
 * with the smallest one of the same connection. What exceeds that one is the time for which the network held the beat
 * back.
 */
export declare class Beats {
    #private;
    constructor(clock?: Clock);
    /** A connection begins. Until its first beat, nothing is proven. */
    connected(): void;
    /**
     * @param {number} completeUntil the moment of the beat, in ms
     * @param {boolean} mayHaveWaited the event loop was blocked, so the beat may have come some time ago
     */
    received(completeUntil: number, mayHaveWaited: boolean): void;
    /** The age of the newest proof in ms. The monotonic clock stands while a computer sleeps; the wall clock may be set. */
    age(): number;
}
