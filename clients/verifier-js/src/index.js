import { setTimeout as sleep } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import { InvalidToken, Unavailable } from './errors.js';
import { requestJson } from './http.js';
import { ALGORITHMS, Keys } from './keys.js';
import { RevocationStream } from './stream.js';

export { InvalidToken, Unavailable };

/**
 * @typedef {object} VerifierOptions
 * @property {string} url where Roster is, such as `https://roster.example.com`
 * @property {string} issuer Roster's `JWT_ISSUER`
 * @property {string} audience Roster's `JWT_AUDIENCE`
 * @property {string} apiKey an API key with the scope `revocations`, and `introspect` for that policy
 * @property {'refuse' | 'introspect' | 'accept-until-expiry'} [whenStale] what to do while Roster cannot be heard;
 *   `refuse` if absent
 */

/**
 * @typedef {import('jose').JWTPayload & {
 *   sub: string, jti: string, iat: number, exp: number, sid?: string, auth_time?: number, role?: string
 * }} Claims
 */

const POLICIES = ['refuse', 'introspect', 'accept-until-expiry'];

/** By RFC 7515, these say where a key is, or change how the token is read. Roster does not use them. */
const FORBIDDEN_HEADERS = ['jwk', 'jku', 'x5u', 'x5c', 'crit'];

const MAX_TOKEN = 8_192;
const LEEWAY = 5;
const MAX_AHEAD = 60;
const START_PATIENCE = 5_000;
const INTROSPECTION_PATIENCE = 2_000;
const INTROSPECTIONS_AT_ONCE = 64;

/** Verifies access tokens. Get one from {@link createVerifier}. */
export class Verifier {
  #options;
  #keys;
  #stream;
  #timer;
  #introspections = 0;

  /**
   * @hidden
   * @param {VerifierOptions} options
   */
  constructor(options) {
    this.#options = options;
    this.#keys = new Keys(`${options.url}/.well-known/jwks.json`);
    const onRevokedAll = () => this.#keys.distrust();
    this.#stream = new RevocationStream(`${options.url}/api/v1/revocations`, options.apiKey, onRevokedAll);
    this.#timer = setInterval(() => this.#tick(), 100);
  }

  /** Whether the keys are there and the memory of revocations is complete: for a readiness check. */
  get isFresh() {
    return this.#keys.isLoaded && this.#stream.isFresh();
  }

  /**
   * Verifies an access token by RFC 9068, section 4, and RFC 8725.
   *
   * @param {string | undefined} token
   * @returns {Promise<Claims>}
   * @throws {InvalidToken} the token is not valid, or was revoked: 401
   * @throws {Unavailable} Roster cannot be heard: 503
   */
  async verify(token) {
    // Meanwhile another thread checks the signature, and the event loop reads the beats that wait on the socket.
    const claims = await this.#read(token);
    if (this.#isAcceptable(claims) || this.#options.whenStale === 'accept-until-expiry') {
      return claims;
    }
    if (this.#options.whenStale === 'introspect') {
      await this.#introspect(/** @type {string} */ (token));
      this.#isAcceptable(claims);
      return claims;
    }
    throw new Unavailable('The revocations are not known', { cause: this.#stream.problem });
  }

  /** Ends the connection. Afterwards, the policy for a stale memory applies. */
  close() {
    clearInterval(this.#timer);
    this.#stream.close();
  }

  /**
   * Waits until the first token can be verified, but not for long: Roster may be down.
   *
   * @param {VerifierOptions} options
   */
  static async start(options) {
    const verifier = new Verifier(options);
    const patience = new AbortController();
    const ready = Promise.all([verifier.#keys.load(), verifier.#stream.ready]);
    await Promise.race([ready, sleep(START_PATIENCE, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
    return verifier;
  }

  #tick() {
    this.#stream.tick();
    this.#keys.loadIfDue();
  }

  /**
   * @param {Claims} claims
   * @returns {boolean} whether it is certain that nobody has revoked the token
   */
  #isAcceptable(claims) {
    const isFresh = this.#stream.isFresh(); // before the memory is read
    if (this.#stream.revocations.cover(claims)) {
      throw new InvalidToken('The token was revoked');
    }
    return isFresh;
  }

  /** @param {string | undefined} token */
  async #read(token) {
    if (typeof token !== 'string' || token === '') {
      throw Object.assign(new InvalidToken('There is no token'), { headers: { 'WWW-Authenticate': 'Bearer' } });
    }
    if (token.length > MAX_TOKEN) {
      throw new InvalidToken('The token is too long');
    }
    try {
      const { payload } = await jwtVerify(token, (header) => this.#key(header), {
        algorithms: ALGORITHMS,
        typ: 'at+jwt',
        issuer: this.#options.issuer,
        audience: this.#options.audience,
        clockTolerance: LEEWAY,
        requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      });
      return requireClaims(payload);
    } catch (cause) {
      if (cause instanceof InvalidToken || cause instanceof Unavailable) {
        throw cause;
      }
      throw new InvalidToken('The token is not valid', { cause });
    }
  }

  /** @param {import('jose').JWTHeaderParameters} header */
  #key(header) {
    if (header.typ !== 'at+jwt' || FORBIDDEN_HEADERS.some((name) => Object.hasOwn(header, name))) {
      throw new InvalidToken('The header is not one of an access token');
    }
    return this.#keys.find(header);
  }

  /** @param {string} token */
  async #introspect(token) {
    if (this.#introspections >= INTROSPECTIONS_AT_ONCE) {
      throw new Unavailable('Too many tokens are introspected at once');
    }
    this.#introspections++;
    try {
      const headers = { Authorization: `Bearer ${this.#options.apiKey}`, Accept: 'application/json' };
      const init = { method: 'POST', headers, body: new URLSearchParams({ token }) };
      const url = `${this.#options.url}/oauth/introspect`;
      const { body } = await requestJson(url, init, INTROSPECTION_PATIENCE, 16_384);
      if (body.active !== true) {
        throw new InvalidToken('Roster says that the token is not active');
      }
    } catch (cause) {
      throw cause instanceof InvalidToken ? cause : new Unavailable('Roster cannot be asked', { cause });
    } finally {
      this.#introspections--;
    }
  }
}

/**
 * Fetches the keys and opens the stream of revocations. It waits up to 5 s for both; if Roster is down, it tries again
 * until {@link Verifier.close} is called.
 *
 * @param {VerifierOptions} options
 * @returns {Promise<Verifier>}
 * @throws {TypeError} an option is missing or wrong
 */
export async function createVerifier(options) {
  for (const name of /** @type {const} */ (['issuer', 'audience', 'apiKey'])) {
    if (typeof options[name] !== 'string' || options[name] === '') {
      throw new TypeError(`${name} must be a string`);
    }
  }
  const { protocol, username, search, hash, href } = new URL(options.url);
  if (!/^https?:$/.test(protocol) || username !== '' || search !== '' || hash !== '') {
    throw new TypeError('url must be an http or https URL without user, query and fragment');
  }
  const whenStale = options.whenStale ?? 'refuse';
  if (!POLICIES.includes(whenStale)) {
    throw new TypeError(`whenStale must be one of ${POLICIES.join(', ')}`);
  }
  return Verifier.start({ ...options, url: href.replace(/\/+$/, ''), whenStale });
}

/**
 * @param {import('jose').JWTPayload} claims
 * @returns {Claims}
 */
function requireClaims(claims) {
  const { sub, jti, sid, iat, exp } = claims;
  const ids = sid === undefined ? [sub, jti] : [sub, jti, sid];
  if (ids.some((id) => typeof id !== 'string' || id === '') || typeof iat !== 'number' || typeof exp !== 'number') {
    throw new InvalidToken('A claim is missing or has a wrong type');
  }
  if (iat > Date.now() / 1000 + MAX_AHEAD) {
    throw new InvalidToken('The token was issued in the future');
  }
  return /** @type {Claims} */ (claims);
}
