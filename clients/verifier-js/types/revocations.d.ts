/** The revocations of tokens that have not expired. */
export declare class Revocations {
    #private;
    get size(): number;
    /** @param {import('jose').JWTPayload} claims */
    cover({ jti, sid, sub, iat }: import('jose').JWTPayload): boolean;
    /**
     * Replaces all.
     *
     * @param {any} snapshot
     * @returns {boolean} whether all tokens were revoked at a later moment than was known
     */
    replace(snapshot: any): boolean;
    /**
     * @param {any} revoked
     * @returns {boolean} whether all tokens were revoked
     */
    add(revoked: any): boolean;
    /** @param {number} now in ms; the earlier one, if two clocks differ */
    removeExpired(now: number): void;
}
