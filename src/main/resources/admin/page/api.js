/** The longest time that a call waits for its answer. */
const PATIENCE = 15_000;

/** What all calls send: the key, and who acts with it. They stay in the memory of the page. */
let credentials = null;
/** Of the last change: what is read afterwards is no older. */
let consistency = null;
let whenLost = () => {};

/** An answer that is no success. */
export class Problem extends Error {
  /** @param {{type: string, title: string, detail: string, errors?: {field: string, message: string}[]}} problem */
  constructor(status, { type = 'about:blank', title = `Status ${status}`, detail = '', errors = [] } = {}) {
    const faults = errors.map(({ field, message }) => `; ${field} ${message}`).join('');
    super([title, detail].filter(Boolean).join(': ') + faults);
    this.status = status;
    this.type = type;
  }
}

export function useKey(key, actor) {
  credentials = { key, actor };
  consistency = null;
}

export function forgetKey() {
  credentials = null;
}

/** Calls a listener with the problem when the service refuses the key. The key is forgotten then. */
export function onKeyLost(listener) {
  whenLost = listener;
}

/**
 * Calls the API. Returns the body of the answer, or null if it has none.
 *
 * @param path below `admin/v1/`
 * @throws {Problem} if the answer is no success
 */
export async function call(method, path, { reason, body } = {}) {
  const sent = credentials;
  if (sent === null) {
    throw new Problem(401, { title: 'The key is forgotten' });
  }
  const headers = { Authorization: `Bearer ${sent.key}` };
  if (reason !== undefined) {
    headers['Roster-Reason'] = headerValue(reason);
    if (sent.actor !== '') {
      headers['Roster-Actor'] = headerValue(sent.actor);
    }
  }
  if (method === 'GET' && consistency !== null) {
    headers['Consistency-Token'] = consistency;
  }
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  const response = await fetch(`admin/v1/${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    // In another mode than `cors`, browsers hide the origin of a page without a referrer, and the port refuses that.
    mode: 'cors',
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await response.text();
  const value = parsed(text);
  if (response.ok) {
    consistency = response.headers.get('Consistency-Token') ?? consistency;
    return value;
  }
  const problem = new Problem(response.status, value ?? undefined);
  // A late answer must not forget a newer key.
  if (response.status === 401 && credentials === sent) {
    forgetKey();
    whenLost(problem);
  }
  throw problem;
}

/** A header in ASCII: the text itself, or the form of RFC 8187 if it needs one. */
function headerValue(text) {
  if (/^[ -~]*$/.test(text) && !text.includes("''")) {
    return text;
  }
  const encoded = encodeURIComponent(text.toWellFormed());
  return `UTF-8''${encoded.replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
