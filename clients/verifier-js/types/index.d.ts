import { InvalidToken, Unavailable } from './errors.js';
export { InvalidToken, Unavailable };
export type VerifierOptions = {
    /**
     * where Roster is, such as `https://roster.example.com`
     */
    url: string;
    /**
     * Roster's `JWT_ISSUER`
     */
    issuer: string;
    /**
     * Roster's `JWT_AUDIENCE`
     */
    audience: string;
    /**
     * an API key with the scope `revocations`, and `introspect` for that policy
     */
    apiKey: string;
    /**
     * what to do while Roster cannot be heard;
     * `refuse` if absent
     */
    whenStale?: 'refuse' | 'introspect' | 'accept-until-expiry';
};
export type Claims = import('jose').JWTPayload & {
    sub: string;
    jti: string;
    iat: number;
    exp: number;
    sid?: string;
    auth_time?: number;
    role?: string;
};
/** Verifies access tokens. Get one from {@link createVerifier}. */
export declare class Verifier {
    #private;
    /**
     * @hidden
     * @param {VerifierOptions} options
     */
    constructor(options: VerifierOptions);
    /** Whether the keys are there and the memory of revocations is complete: for a readiness check. */
    get isFresh(): boolean;
    /**
     * Verifies an access token by RFC 9068, section 4, and RFC 8725.
     *
     * @param {string | undefined} token
     * @returns {Promise<Claims>}
     * @throws {InvalidToken} the token is not valid, or was revoked: 401
     * @throws {Unavailable} Roster cannot be heard: 503
     */
    verify(token: string | undefined): Promise<Claims>;
    /** Ends the connection. Afterwards, the policy for a stale memory applies. */
    close(): void;
    /**
     * Waits until the first token can be verified, but not for long: Roster may be down.
     *
     * @param {VerifierOptions} options
     */
    static start(options: VerifierOptions): Promise<Verifier>;
}
/**
 * Fetches the keys and opens the stream of revocations. It waits up to 5 s for both; if Roster is down, it tries again
 * until {@link Verifier.close} is called.
 *
 * @param {VerifierOptions} options
 * @returns {Promise<Verifier>}
 * @throws {TypeError} an option is missing or wrong
 */
export declare function createVerifier(options: VerifierOptions): Promise<Verifier>;
