/** The longest event, a snapshot, in characters: about a million ids. */
const MAX_LENGTH = 80_000_000;

/** @typedef {{ type: string, data: string, id: string | undefined }} ServerSentEvent */

/**
 * Reads server-sent events from the pieces in which they arrive. An event counts once its empty line has come.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventParser {
  #decoder = new TextDecoder();
  #rest = '';
  #length = 0;
  #type = '';
  /** @type {string[]} */
  #data = [];
  /** @type {string | undefined} */
  #id;

  /** The type of the event that has begun, or an empty text. */
  get type() {
    return this.#type;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {Generator<ServerSentEvent>}
   */
  *read(bytes) {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = /** @type {string} */ (lines.pop());
    if (this.#length + this.#rest.length > MAX_LENGTH) {
      throw new Error(`An event has more than ${MAX_LENGTH} characters`);
    }
    for (const line of lines) {
      const event = this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (event !== undefined) {
        yield event;
      }
    }
  }

  /** @param {string} line */
  #line(line) {
    if (line === '') {
      const event = { type: this.#type, data: this.#data.join('\n'), id: this.#id };
      this.#type = '';
      this.#data = [];
      this.#id = undefined;
      this.#length = 0;
      return event.data === '' ? undefined : event;
    }
    this.#length += line.length;
    const colon = line.indexOf(':');
    const [name, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    if (name === 'event') {
      this.#type = value;
    } else if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'id') {
      this.#id = value;
    }
    return undefined;
  }
}
