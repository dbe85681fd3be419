/** The clocks of the database and of this computer may differ by this, in s. */
const MARGIN = 60;

/** At about 150 bytes each. */
const MAX_IDS = 1_000_000;

/**
 * The revocations of tokens that have not expired. Each stays until then, also across connections: a node of Roster
 * that lags cannot make this forget one.
 */
export class Revocations {
  /** @type {Map<string, number>} ids of tokens, sessions and users, and the last moment at which one counts, in s */
  #ids = new Map();
  #until = -Infinity;

  get size() {
    return this.#ids.size;
  }

  /** @param {import('jose').JWTPayload} claims */
  cover({ jti, sid, sub, iat }) {
    return [jti, sid, sub].some((id) => this.#ids.has(/** @type {string} */ (id))) || Number(iat) <= this.#until;
  }

  /**
   * Adds what a node of Roster knows.
   *
   * @param {any} snapshot
   * @returns {boolean} whether all tokens were revoked at a later moment than was known
   */
  merge(snapshot) {
    for (const each of snapshot.revoked) {
      this.#addId(each);
    }
    const before = this.#until;
    if (snapshot.revoked_until !== undefined) {
      this.#until = Math.max(before, seconds(snapshot.revoked_until));
    }
    return this.#until > before;
  }

  /**
   * @param {any} revoked
   * @returns {boolean} whether all tokens were revoked
   */
  add(revoked) {
    if (revoked.revoked_until === undefined) {
      this.#addId(revoked);
      return false;
    }
    this.#until = Math.max(this.#until, seconds(revoked.revoked_until));
    return true;
  }

  /** @param {number} now in ms; the earlier one, if two clocks differ */
  removeExpired(now) {
    for (const [id, exp] of this.#ids) {
      if (exp + MARGIN < now / 1000) {
        this.#ids.delete(id);
      }
    }
  }

  /** @param {any} revoked */
  #addId({ id, exp }) {
    if (typeof id !== 'string') {
      throw new Error('A revocation has no id');
    }
    const known = this.#ids.get(id) ?? -Infinity;
    if (known === -Infinity && this.#ids.size >= MAX_IDS) {
      throw new Error(`There are more than ${MAX_IDS} revocations`);
    }
    this.#ids.set(id, Math.max(known, seconds(exp)));
  }
}

/** @param {unknown} date a NumericDate */
function seconds(date) {
  if (typeof date !== 'number') {
    throw new Error('A moment is not a number');
  }
  return date;
}
