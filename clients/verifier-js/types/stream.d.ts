import { Revocations } from './revocations.js';
/** Keeps a connection to Roster's stream of revocations, and a memory of them. */
export declare class RevocationStream {
    #private;
    /** @type {Promise<void>} resolves when the memory can be trusted for the first time */
    ready: Promise<void>;
    revocations: Revocations;
    /** @type {unknown} why the last connection ended */
    problem: unknown;
    /**
     * @param {string} url
     * @param {string} key the API key
     * @param {() => void} onRevokedAll
     */
    constructor(url: string, key: string, onRevokedAll: () => void);
    /** Whether the memory was complete less than a second ago. */
    isFresh(): boolean;
    /** Call it every 100 ms. */
    tick(): void;
    close(): void;
}
