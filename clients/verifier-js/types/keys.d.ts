export declare const ALGORITHMS: string[];
/**
 * Roster's public keys. `createRemoteJWKSet` of jose cannot be used: its reload may join a request that began before all
 * tokens were revoked, and repeats a request that failed for every token.
 */
export declare class Keys {
    #private;
    /** @param {string} url */
    constructor(url: string, clock?: import("./beats.js").Clock);
    /**
     * @param {import('jose').JWTHeaderParameters} header
     * @returns {Promise<import('jose').CryptoKey | Uint8Array>} the key of the header's `kid`, if its algorithm is the header's
     */
    find({ kid, alg }: import('jose').JWTHeaderParameters): Promise<import('jose').CryptoKey | Uint8Array>;
    /** Fetches the keys; callers at the same time share one request. Does not throw. */
    load(): Promise<void>;
    /** Fetches the keys if it is time. */
    loadIfDue(): void;
    /** Trusts no key until a request that begins now has been answered: one of the keys may have leaked. */
    distrust(): void;
    get isLoaded(): boolean;
}
