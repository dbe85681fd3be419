import { importJWK } from 'jose';
import { systemClock } from './beats.js';
import { InvalidToken, Unavailable } from './errors.js';
import { requestJson } from './http.js';

/** The key type, and the curve, of each algorithm that may sign a token. */
const KINDS = { ES256: ['EC', 'P-256'], RS256: ['RSA', undefined], EdDSA: ['OKP', 'Ed25519'] };

export const ALGORITHMS = Object.keys(KINDS);

const PATIENCE = 2_000;
const MAX_BYTES = 100_000;

/** How often an unknown `kid` may cause a request. */
const UNKNOWN_INTERVAL = 5_000;

/** How long after a failure, or after a request for which another node may have been behind, the next one follows. */
const AGAIN = 2_000;

const DEFAULT_MAX_AGE = 300_000;
const LONGEST_MAX_AGE = 3_600_000;

/**
 * Roster's public keys. `createRemoteJWKSet` of jose cannot be used: its reload may join a request that began before
 * all tokens were revoked, and it repeats a failed request for every token.
 */
export class Keys {
  #url;
  #clock;
  /** @type {Map<string, { alg: string, key: import('jose').CryptoKey | Uint8Array }>} */
  #keys = new Map();
  /** @type {Promise<void> | undefined} */
  #loading;
  #demanded = 1;
  #loaded = 0;
  #nextLoad = -Infinity;
  #lastUnknown = -Infinity;
  /** @type {unknown} why the last request failed */
  #problem;

  /** @param {string} url */
  constructor(url, clock = systemClock) {
    this.#url = url;
    this.#clock = clock;
  }

  /**
   * @param {import('jose').JWTHeaderParameters} header
   * @returns {Promise<import('jose').CryptoKey | Uint8Array>} the key of the header's `kid` and `alg`
   */
  async find({ kid, alg }) {
    if (typeof kid !== 'string') {
      throw new InvalidToken('The token has no kid');
    }
    await this.#loading;
    this.#requireLoaded();
    if (!this.#keys.has(kid)) {
      if (this.#clock.monotonic() - this.#lastUnknown >= UNKNOWN_INTERVAL) {
        this.#lastUnknown = this.#clock.monotonic();
        void this.load();
      }
      await this.#loading; // or that of another caller
      this.#requireLoaded();
    }
    const found = this.#keys.get(kid);
    if (found === undefined && this.#problem !== undefined) {
      throw new Unavailable('The kid is unknown, and the keys cannot be fetched', { cause: this.#problem });
    }
    if (found === undefined || found.alg !== alg) {
      throw new InvalidToken(found === undefined ? 'The kid is unknown' : 'The algorithm is not that of the key');
    }
    return found.key;
  }

  /** Fetches the keys; callers at the same time share one request. Does not throw. */
  load() {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Fetches the keys if it is time. */
  loadIfDue() {
    if (this.#clock.monotonic() >= this.#nextLoad) {
      void this.load();
    }
  }

  /** Trusts no key until a request that begins now has been answered: one of the keys may have leaked. */
  distrust() {
    this.#demanded++;
    void this.load();
  }

  get isLoaded() {
    return this.#loaded === this.#demanded && this.#keys.size > 0;
  }

  #requireLoaded() {
    if (!this.isLoaded) {
      throw new Unavailable('The keys cannot be fetched', { cause: this.#problem });
    }
  }

  #requireKey() {
    if (this.#keys.size === 0) {
      throw new Error('The JWK Set has no key for ES256, RS256 or EdDSA');
    }
  }

  async #load() {
    let demanded;
    do {
      demanded = this.#demanded;
      const isAwaited = this.#loaded < demanded;
      let wait = AGAIN;
      try {
        const headers = { Accept: 'application/jwk-set+json, application/json', 'Cache-Control': 'no-cache' };
        const { response, body } = await requestJson(this.#url, { headers }, PATIENCE, MAX_BYTES);
        this.#keys = await read(body);
        this.#requireKey();
        this.#problem = undefined;
        wait = isAwaited && this.#loaded > 0 ? AGAIN : maxAge(response);
        this.#loaded = demanded;
      } catch (problem) {
        this.#problem = problem;
        if (/** @type {any} */ (problem).status === 404) {
          this.#keys = new Map(); // Roster signs with HS256 again: it has no public keys
        }
      }
      this.#nextLoad = this.#clock.monotonic() + wait;
    } while (demanded < this.#demanded); // distrust() was called meanwhile
  }
}

/** @param {any} set a JWK Set (RFC 7517, section 5) */
async function read(set) {
  const keys = new Map();
  for (const { kid, kty, alg, use, crv, x, y, n, e } of set.keys) {
    const [type, curve] = KINDS[/** @type {keyof typeof KINDS} */ (alg)] ?? [];
    if (typeof kid === 'string' && kty === type && crv === curve && (use ?? 'sig') === 'sig') {
      keys.set(kid, { alg, key: await importJWK({ kty, crv, x, y, n, e }, alg) });
    }
  }
  return keys;
}

/** @param {Response} response */
function maxAge(response) {
  const age = /(?:^|[\s,])max-age=(\d+)/i.exec(response.headers.get('Cache-Control') ?? '')?.[1];
  return age === undefined ? DEFAULT_MAX_AGE : Math.min(Math.max(Number(age) * 1000, AGAIN), LONGEST_MAX_AGE);
}
