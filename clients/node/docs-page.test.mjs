// Tests the page at /docs in Chromium. The variable CHROMIUM names its path; the default is /usr/bin/chromium.
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
      '--no-sandbox', // Chromium refuses to run as root otherwise
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

/** Opens the page. Collects its faults: errors, policy violations, requests to other origins. */
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

/** Sends a request with the page's buttons and reads the response from the page. */
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

/** Everything that the browser stores for the page. */
async function stored(page) {
  const storage = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches?.keys(),
  }));
  return { ...storage, cookies: await browser.cookies() };
}

test('a user registers, logs in, authorizes and reads, and the browser stores nothing', async () => {
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
  assert.deepEqual(await stored(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });

  await page.reload();
  assert.equal((await execute(page, 'Users-getMe')).status, 401);
  await page.close();
});

for (const [host, colorScheme] of [['127.0.0.1', 'light'], ['localhost', 'dark']]) {
  test(`the page renders without faults at ${host} in ${colorScheme} mode`, async () => {
    const { page, faults } = await open({ host, colorScheme });

    assert.equal(await page.title(), 'Roster API');
    assert.equal(await page.locator('.opblock').count(), 12);
    await page.screenshot({ path: `docs-page-${colorScheme}.png`, fullPage: true });
    assert.deepEqual(faults, []);
    await page.close();
  });
}
