// The page at /docs, in a real browser: Chromium, at /usr/bin/chromium or where CHROMIUM says.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const service = new URL(process.env.ROSTER_URL);

let profile;
let browser;

before(async () => {
  profile = await mkdtemp(join(tmpdir(), 'roster-docs-'));
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    viewport: { width: 1280, height: 900 },
    args: [
      '--no-sandbox', // it runs as root in a container, too
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  browser.setDefaultTimeout(30_000);
});

after(async () => {
  await browser?.close();
  await rm(profile, { recursive: true, force: true });
});

/** The page, and what went wrong on it so far: errors, violations of its policy, requests to elsewhere. */
async function open({ host = service.hostname, colorScheme = 'light' } = {}) {
  const { origin } = Object.assign(new URL(service), { hostname: host });
  const page = await browser.newPage();
  await page.emulateMedia({ colorScheme });
  const faults = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      faults.push(message.text());
    }
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:')) {
      faults.push(request.url());
    }
  });
  await page.exposeFunction('reportViolation', (violation) => faults.push(violation));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      reportViolation(`${event.effectiveDirective} forbids ${event.blockedURI}`);
    });
  });
  await page.goto(`${origin}/`);
  await page.locator('#operations-Authentication-register').waitFor();
  assert.equal(page.url(), `${origin}/docs`);
  return { page, faults };
}

/** Sends a request by the buttons of the page, and takes from the page what it was answered. */
async function execute(page, operation, { parameters = {}, change } = {}) {
  const block = page.locator(`#operations-${operation}`);
  if ((await block.locator('.execute').count()) === 0) {
    await block.locator('.opblock-summary-control').click();
  }
  for (const [name, value] of Object.entries(parameters)) {
    await block.locator(`tr[data-param-name="${name}"] input`).fill(value);
  }
  if (change) {
    const body = block.locator('textarea.body-param__text');
    await body.fill(JSON.stringify({ ...JSON.parse(await body.inputValue()), ...change }));
  }
  await block.locator('.execute').click();
  const answer = block.locator('.live-responses-table tr.response');
  const status = await answer.locator('.response-col_status').innerText();
  const text = await answer.locator('.highlight-code code').innerText();
  return { status: parseInt(status, 10), body: JSON.parse(text) };
}

async function authorize(page, token) {
  await page.locator('.auth-wrapper .authorize').click();
  const dialog = page.locator('.modal-ux');
  await dialog.locator('input').fill(token);
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('.btn-done').click();
}

/** All that the browser keeps for the page when it is left. */
async function kept(page) {
  const stored = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches?.keys(),
  }));
  return { ...stored, cookies: await browser.cookies() };
}

test('one can register, log in, authorize and read', async () => {
  const { page, faults } = await open();
  const email = `juliet.${Date.now()}@example.com`;

  const registered = await execute(page, 'Authentication-register', { change: { email } });
  assert.equal(registered.status, 201);
  assert.equal(registered.body.email, email);

  const loggedIn = await execute(page, 'Authentication-logIn', { change: { email } });
  assert.equal(loggedIn.status, 200);
  const token = loggedIn.body.access_token;
  await authorize(page, token);

  const me = await execute(page, 'Users-getMe');
  assert.deepEqual(me, { status: 200, body: registered.body });

  const { id } = registered.body;
  const one = await execute(page, 'Users-getUser', { parameters: { id } });
  assert.deepEqual(one, { status: 200, body: registered.body });

  const list = await execute(page, 'Users-listUsers', { parameters: { q: email } });
  assert.deepEqual(list, { status: 200, body: { users: [registered.body], next_cursor: null } });

  await page.locator('#operations-Users-listUsers').scrollIntoViewIfNeeded();
  await page.screenshot({ path: 'docs-page-list.png' });

  assert.deepEqual(faults, []);
  assert.deepEqual(await kept(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });

  await page.reload();
  assert.equal((await execute(page, 'Users-getMe')).status, 401);
  await page.close();
});

for (const [host, colorScheme] of [['127.0.0.1', 'light'], ['localhost', 'dark']]) {
  test(`it is drawn at ${host}, ${colorScheme}`, async () => {
    const { page, faults } = await open({ host, colorScheme });

    assert.equal(await page.title(), 'Roster API');
    assert.equal(await page.locator('.opblock').count(), 12);
    await page.screenshot({ path: `docs-page-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(faults, []);
    await page.close();
  });
}
