// The package in clients/verifier-js, with the service that signs with ES256.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createVerifier, InvalidToken } from '../verifier-js/src/index.js';

const url = process.env['ROSTER_URL_ES256'];
const adminUrl = process.env['ROSTER_ADMIN_URL_ES256'];
const apiKey = process.env['ROSTER_KEY_ES256'];
const restartUrl = process.env['ROSTER_RESTART_URL_ES256'];
const password = 'Kpass2000$';

async function post(address, body, headers = {}) {
  const init = body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } };
  const response = await fetch(address, { method: 'POST', headers, ...init });
  const text = await response.text();
  assert.ok(response.ok, `${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

async function newUser() {
  const email = `${randomUUID()}@verifier.example`;
  await post(`${url}/api/v1/auth/register`, { name: 'Viola', email, password });
  return email;
}

const logIn = async (email) => (await post(`${url}/api/v1/auth/login`, { email, password })).access_token;
const logOut = (token) => post(`${url}/api/v1/auth/logout`, undefined, { Authorization: `Bearer ${token}` });
const rotate = (body) =>
  post(`${adminUrl}/admin/v1/keys/rotation`, body, { Authorization: `Bearer ${apiKey}`, 'Roster-Reason': 'A test' });
const kid = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()).kid;

async function verifier(t, whenStale) {
  const created = await createVerifier({ url, issuer: url, audience: 'roster', apiKey, whenStale });
  t.after(() => created.close());
  return created;
}

/** Asks until the answer is true, for 60 s at most. */
async function until(what, isSo) {
  const end = performance.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, `Not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const outcome = (verifying) => verifying.then(() => 'accepted', (error) => error.name);

test('a token is accepted until its session is logged out, and refused within a second', async (t) => {
  const verifying = await verifier(t);
  const email = await newUser();
  const [token, other] = [await logIn(email), await logIn(email)];
  const claims = await verifying.verify(token);
  assert.equal(claims.iss, url);
  assert.equal(typeof claims.auth_time, 'number');

  await logOut(token);

  const end = performance.now();
  await until('a refusal', async () => {
    const start = performance.now();
    const now = await outcome(verifying.verify(token));
    assert.ok(now !== 'accepted' || start - end < 1_000);
    return now === 'InvalidToken';
  });
  assert.equal((await verifying.verify(other)).sub, claims.sub);
  await assert.rejects((await verifier(t)).verify(token), InvalidToken);
});

test('Roster answers introspections of the verifier', async (t) => {
  const verifying = await verifier(t, 'introspect');
  const token = await logIn(await newUser());
  verifying.close(); // from now on it asks

  await verifying.verify(token);
  await logOut(token);

  await assert.rejects(verifying.verify(token), InvalidToken);
});

test('tokens of the old and the new key are accepted during a rotation', async (t) => {
  const verifying = await verifier(t);
  const email = await newUser();
  const token = await logIn(email);

  const { kid: next } = await rotate();
  let fresh = token;
  await until('a token of the new key', async () => kid((fresh = await logIn(email))) === next);

  assert.notEqual(kid(token), next);
  await verifying.verify(fresh);
  await verifying.verify(token);
});

test('a rotation after a leak revokes all tokens of before', async (t) => {
  const verifying = await verifier(t);
  const email = await newUser();
  const token = await logIn(email);

  await rotate({ now: true });

  await until('a refusal', async () => (await outcome(verifying.verify(token))) === 'InvalidToken');
  await until('trust', async () => (await outcome(verifying.verify(await logIn(email)))) === 'accepted');
  assert.equal(await outcome(verifying.verify(token)), 'InvalidToken');
});

test('after a restart the verifier recovers', async (t) => {
  const verifying = await verifier(t);
  const email = await newUser();
  const [token, revoked] = [await logIn(email), await logIn(email)];
  await logOut(revoked);

  await post(restartUrl);

  await until('trust', async () => (await outcome(verifying.verify(token))) === 'accepted');
  assert.equal(await outcome(verifying.verify(revoked)), 'InvalidToken');
});

test('the package contains the code, its types, the licence and the README', () => {
  const options = { cwd: '../verifier-js', encoding: 'utf8' };
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], options));
  const paths = files.map((file) => file.path);

  const others = paths.filter((path) => !/^(src|types)\//.test(path));
  assert.deepEqual(others.sort(), ['LICENSE', 'README.md', 'package.json']);
  assert.ok(paths.includes('src/index.js') && paths.includes('types/index.d.ts'));
});
