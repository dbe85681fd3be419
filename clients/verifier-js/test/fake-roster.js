import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createVerifier } from 'roster-verifier';

export const ISSUER = 'https://roster.example';
export const AUDIENCE = 'roster';
export const API_KEY = 'rk_fake';

const BEAT_INTERVAL = 50;

/** A Roster whose answers and stream a test controls. It counts requests. */
export class FakeRoster {
  keys = [];
  /** Answers of a test instead of the usual ones, by path: `(request, response, body) => {}`. */
  handlers = new Map();
  requests = [];
  streams = new Set();
  revoked = [];
  revokedUntil;
  maxAge = 300;
  isBeating = true;
  /** How far the moment of a beat is in the past, in ms. */
  behind = 0;
  /** How long the network takes for each beat, in ms. */
  delay = 0;
  /** Events that the network holds back, or undefined. */
  held;
  #run = randomUUID();
  #events = [];
  #sockets = new Set();
  #timer;

  /** Starts one with an ES256 key for the time of a test. */
  static async start(t, { algorithm = 'ES256', isBeating = true } = {}) {
    const roster = new FakeRoster();
    roster.isBeating = isBeating;
    await roster.addKey(algorithm);
    await roster.listen();
    roster.#timer = setInterval(() => roster.isBeating && roster.beat(), BEAT_INTERVAL);
    t.after(() => roster.stop());
    return roster;
  }

  async listen() {
    this.server = createServer((request, response) => this.#answer(request, response));
    this.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise((resolve) => this.server.listen(this.port ?? 0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** Ends all connections, and refuses new ones. */
  async down() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  async stop() {
    clearInterval(this.#timer);
    await this.down();
  }

  /** Starts again, without memory of the events that it sent. */
  async restart() {
    await this.down();
    this.#run = randomUUID();
    this.#events = [];
    await this.listen();
  }

  /** Ends all connections. */
  cut() {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async addKey(alg = 'ES256') {
    const { publicKey, privateKey } = await generateKeyPair(alg, { crv: alg === 'EdDSA' ? 'Ed25519' : undefined });
    const publicJwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publicJwk);
    const key = { kid, alg, privateKey, publicKey, jwk: { ...publicJwk, kid, alg, use: 'sig' } };
    this.keys.unshift(key);
    return key;
  }

  /** A token of the newest key; members that are undefined are left out. */
  token(claims = {}, header = {}, { privateKey, kid, alg } = this.keys[0]) {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: ISSUER, aud: AUDIENCE, sub: randomUUID(), sid: randomUUID(), jti: randomUUID(), iat: now };
    const all = JSON.parse(JSON.stringify({ ...usual, exp: now + 900, auth_time: now, ...claims }));
    const jwt = new SignJWT(all).setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header });
    return jwt.sign(privateKey, { crit: { exp: true } });
  }

  /** A verifier for the time of a test. */
  async verifier(t, options = {}) {
    const usual = { url: this.url, issuer: ISSUER, audience: AUDIENCE, apiKey: API_KEY };
    const verifier = await createVerifier({ ...usual, ...options });
    t.after(() => verifier.close());
    return verifier;
  }

  revoke(id, exp = Math.floor(Date.now() / 1000) + 960) {
    this.revoked.push({ id, exp });
    this.#publish('revoked', { id, exp });
  }

  revokeAll(until = Math.floor(Date.now() / 1000)) {
    this.revokedUntil = until;
    this.#publish('revoked', { revoked_until: until, exp: until + 960 });
  }

  beat() {
    const complete_until = new Date(Date.now() - this.behind).toISOString().replace('Z', '456Z');
    const text = this.#event('beat', { complete_until });
    if (this.delay === 0) {
      this.send(text);
    } else {
      const streams = [...this.streams];
      setTimeout(() => streams.forEach((stream) => this.streams.has(stream) && stream.write(text)), this.delay);
    }
  }

  /** Sends to all streams, unless the network holds back. */
  send(text) {
    if (this.held !== undefined) {
      this.held.push(text);
    } else {
      this.streams.forEach((stream) => stream.write(text));
    }
  }

  holdBack() {
    this.held = [];
  }

  release() {
    const texts = this.held;
    this.held = undefined;
    texts.forEach((text) => this.send(text));
  }

  count(path) {
    return this.requests.filter((request) => request.path === path).length;
  }

  snapshot() {
    const ids = this.revoked.map((each) => `data: ${JSON.stringify(each)}`).join(',\n');
    const until = this.revokedUntil === undefined ? '' : `,"revoked_until":${this.revokedUntil}`;
    return `event: snapshot\nid: ${this.cursor}\ndata: {"revoked":[\n${ids}${ids && '\n'}data: ]${until}}\n\n`;
  }

  get cursor() {
    return `${this.#run}-${this.#events.length}`;
  }

  #publish(type, data) {
    this.#events.push([type, data]);
    this.send(this.#event(type, data));
  }

  #event(type, data, cursor = this.cursor) {
    return `event: ${type}\nid: ${cursor}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  async #answer(request, response) {
    const path = new URL(request.url, this.url).pathname;
    this.requests.push({ path, headers: request.headers });
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const handler = this.handlers.get(path) ?? this.usual(path);
    handler(request, response, body);
  }

  /** The handler of a path without one of a test. */
  usual(path) {
    switch (path) {
      case '/.well-known/jwks.json':
        return (_, response) => {
          const headers = { 'Cache-Control': `public, max-age=${this.maxAge}` };
          response.writeHead(200, { 'Content-Type': 'application/jwk-set+json', ...headers });
          response.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
        };
      case '/api/v1/revocations':
        return (request, response) => this.#stream(request, response);
      case '/oauth/introspect':
        return (_, response, body) => {
          const token = new URLSearchParams(body).get('token');
          const { jti } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
          const active = !this.revoked.some(({ id }) => id === jti);
          response.writeHead(200, { 'Content-Type': 'application/json' });
          response.end(JSON.stringify(active ? { active, jti } : { active }));
        };
      default:
        return (_, response) => response.writeHead(404).end();
    }
  }

  #stream({ headers }, response) {
    if (headers.authorization !== `Bearer ${API_KEY}`) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(':\nretry: 500\n\n');
    const [, heard] = new RegExp(`^${this.#run}-(\\d+)$`).exec(headers['last-event-id'] ?? '') ?? [];
    if (heard === undefined) {
      response.write(this.snapshot());
    } else {
      for (let next = Number(heard); next < this.#events.length; next++) {
        response.write(this.#event(...this.#events[next], `${this.#run}-${next + 1}`));
      }
    }
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }
}

/** Asks until the answer is true, for 20 s at most. */
export async function until(what, isSo) {
  const end = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > end) {
      throw new Error(`Not within 20 s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** `accepted`, or the name of the error. */
export async function outcome(verifier, token) {
  try {
    await verifier.verify(token);
    return 'accepted';
  } catch (error) {
    return error.name;
  }
}

/** Verifies a token until the outcome is this one. */
export function untilOutcome(verifier, token, wanted) {
  return until(wanted, async () => (await outcome(verifier, token)) === wanted);
}
