// The service in example/, as the README shows it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { API_KEY, AUDIENCE, FakeRoster, ISSUER, until } from './fake-roster.js';

const PROGRAM = new URL('../example/service.js', import.meta.url);

test('the example guards a resource', async (t) => {
  const roster = await FakeRoster.start(t);
  const names = { ROSTER_URL: roster.url, ROSTER_ISSUER: ISSUER, ROSTER_AUDIENCE: AUDIENCE, ROSTER_KEY: API_KEY };
  const env = { ...process.env, ...names, PORT: '0' };
  const service = spawn(process.execPath, [PROGRAM.pathname], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => service.kill());
  const [line] = await once(service.stdout, 'data');
  const url = `http://127.0.0.1:${/\d+/.exec(line)[0]}/orders`;
  const get = (authorization) => fetch(url, { headers: authorization && { Authorization: authorization } });
  const token = await roster.token({ sub: 'viola', sid: 'session' });

  const found = await get(`Bearer ${token}`);
  assert.deepEqual(await found.json(), { orders: [], of: 'viola' });
  for (const authorization of [undefined, `Basic ${token}`, 'Bearer']) {
    const without = await get(authorization);
    assert.equal(without.status, 401);
    assert.equal(without.headers.get('WWW-Authenticate'), 'Bearer');
  }
  roster.revoke('session');
  await until('a refusal', async () => (await get(`Bearer ${token}`)).status === 401);
  assert.equal((await get(`Bearer ${token}`)).headers.get('WWW-Authenticate'), 'Bearer error="invalid_token"');
  roster.isBeating = false;
  const other = `Bearer ${await roster.token()}`;
  await until('silence', async () => (await get(other)).status === 503);
  assert.equal((await get(other)).headers.get('Retry-After'), '1');
});

test('the README shows the example', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

  assert.ok(readme.includes(`\`\`\`js\n${await readFile(PROGRAM, 'utf8')}\`\`\`\n`));
});
