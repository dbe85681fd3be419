// Tests the operators' page and the docs page of the admin port in Chromium.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { args, executablePath, open, stored, tabTo, violations } from './browser.mjs';
import { testAccessibilityAndStability } from './lighthouse.mjs';

const api = new URL('/api/v1/', process.env.ROSTER_URL);
const admin = new URL(process.env.ROSTER_ADMIN_URL);
const key = process.env.ROSTER_KEY;
const password = 'Kpass2000$';
const EMPTY_PAGE = '<!doctype html>';

/** Calls the operators' API. Returns the body of the answer, which must be a success. */
async function operate(method, path, body) {
  const response = await fetch(new URL(`admin/v1/${path}`, admin), {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Roster-Reason': 'test', 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.status === 204 ? null : response.json();
}

async function newPerson({ name = 'Juliet Ross', userAgent = 'test' } = {}) {
  const email = `${randomUUID()}@page.example`;
  const person = await operate('POST', 'users', { name, email, password });
  return { ...person, logIn: () => logIn(email, userAgent) };
}

const logIn = (email, userAgent) => fetch(new URL('auth/login', api), {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'User-Agent': userAgent },
  body: JSON.stringify({ email, password }),
});

const newKey = (...scopes) => operate('POST', 'keys', { name: 'page', scopes });
const message = (page) => page.locator('#message');
const said = (page, text) => message(page).filter({ hasText: text }).waitFor();

async function signIn(page, secret = key, actor = '') {
  await page.locator('#sign-in-key').fill(secret);
  await page.locator('#sign-in-actor').fill(actor);
  await page.locator('#sign-in .send').press('Enter');
  await page.locator('#people').waitFor();
}

/** Finds a person by their address, and opens them. */
async function openPerson(page, { email }) {
  await page.locator('#people-email').fill(email);
  await page.locator('#people-email').press('Enter');
  await page.locator('#people-count').filter({ hasText: '1 person matches.' }).waitFor();
  await page.locator('.open').press('Enter');
  await page.locator('#person').waitFor();
}

/** Confirms the dialog with a reason. */
async function confirm(page, reason) {
  await page.locator('#ask-reason').fill(reason);
  await page.locator('#ask .send').press('Enter');
}

test('an operator finds, logs out, disables and enables a person with the keyboard', async () => {
  const person = await newPerson();
  assert.equal((await person.logIn()).status, 200);
  const { page, faults } = await open(admin);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  const type = async (selector, text) => {
    await tabTo(page, selector);
    await page.keyboard.insertText(text);
  };
  const press = async (selector) => {
    await tabTo(page, selector);
    await page.keyboard.press('Enter');
  };
  const act = async (button, reason, done) => {
    await press(button);
    assert.equal(await focused(), 'ask-reason');
    await page.keyboard.insertText(reason);
    await press('#ask .send');
    await said(page, done);
    assert.ok(await page.evaluate((selector) => document.activeElement.matches(selector), button), 'the focus stays');
  };

  await type('#sign-in-key', key);
  await type('#sign-in-actor', 'Bénédicte');
  await press('#sign-in .send');
  await page.locator('#people').waitFor();
  assert.equal(await focused(), 'people-q');
  assert.equal(await page.locator('#sign-in-key').inputValue(), '', 'the key is not in the form any more');
  await type('#people-email', person.email);
  await page.keyboard.press('Enter');
  await page.locator('#people-count').filter({ hasText: '1 person matches.' }).waitFor();
  await press('.open');
  await page.locator('#person .sessions').waitFor();
  await page.locator('#person .history').waitFor();
  assert.equal(await focused(), 'person-name');

  await act('.actions button:last-child', 'Lost her laptop', 'Juliet Ross is logged out everywhere.');
  await page.locator('#person').getByText('This person has no open sessions.').waitFor();
  await act('.actions button:first-child', 'Konto gesperrt: Verdacht auf Mißbrauch', 'Juliet Ross is disabled.');
  await page.locator('#person .history').getByText('Konto gesperrt: Verdacht auf Mißbrauch').waitFor();
  await page.locator('#person .history').getByText('Bénédicte').first().waitFor();
  const refused = await person.logIn();
  assert.equal(refused.status, 403);
  assert.equal((await refused.json()).type, 'urn:roster:problem:account-disabled');
  await act('.actions button:first-child', 'It was a mistake', 'Juliet Ross is enabled.');
  assert.equal((await person.logIn()).status, 200);

  // The list is read again after each action. Its old rows, and the focus on one of them, go.
  await page.locator('#people-count').filter({ hasText: '1 person matches.' }).waitFor({ state: 'attached' });
  await press('#person > button');
  assert.equal(await focused(), 'Juliet Ross', 'going back leads to the person in the list');
  assert.deepEqual(faults, []);
  assert.deepEqual(await stored(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });
  await page.context().close();
});

test('a person is disabled until a time, and one of two sessions ends', async () => {
  const person = await newPerson();
  await person.logIn();
  await person.logIn();
  const { page } = await open(admin);
  await signIn(page);
  await openPerson(page, person);

  const ends = page.getByRole('button', { name: /^End the session/ });
  await ends.first().press('Enter');
  await confirm(page, 'Unknown device');
  await said(page, 'The session has ended.');
  await page.waitForFunction(() => document.querySelectorAll('.sessions tbody tr').length === 1);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Sessions');

  await page.getByRole('button', { name: 'Disable …' }).press('Enter');
  await page.locator('#ask-until').fill('2000-01-01T00:00');
  await confirm(page, 'A holiday');
  await page.locator('#ask-error').filter({ hasText: 'until' }).waitFor();
  await page.locator('#ask-until').fill('2099-01-01T00:00');
  await page.locator('#ask .send').press('Enter');
  await said(page, 'is disabled.');
  assert.equal(Date.parse((await operate('GET', `users/${person.id}`)).disabled_until), Date.UTC(2099, 0, 1));
  await page.context().close();
});

test('hostile texts stay texts', async () => {
  const hostile = '<img src=x onerror="reportViolation(1)"><script>1</script>';
  const person = await newPerson({ name: hostile, userAgent: hostile });
  await person.logIn();
  const { page, faults } = await open(admin);
  await signIn(page, key, '<i>Ben</i>');
  await openPerson(page, person);
  await page.locator('.actions button').first().press('Enter');
  await page.locator('#ask-text').filter({ hasText: hostile }).waitFor();
  await confirm(page, hostile);
  await said(page, hostile);

  assert.equal(await page.locator('#person-name bdi').innerText(), hostile);
  await page.locator('.history td').filter({ hasText: hostile }).first().waitFor();
  await page.locator('.history').getByText('<i>Ben</i>').first().waitFor();
  assert.equal(await page.locator('body').locator('img, script, i').count(), 0);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('an event of a command is an operator\'s at a shell, whatever members it names', async () => {
  const person = await newPerson();
  const { page } = await open(admin);
  await page.route(/\/admin\/v1\/audit/, async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    Object.assign(answer.events[0], { key_id: null, actor: null, actor_id: null, details: 'by_operator,role' });
    await route.fulfill({ response, json: answer });
  });
  await signIn(page);
  await openPerson(page, person);

  await page.locator('#person .history').getByText('an operator at a shell').waitFor();
  await page.context().close();
});

test('the page says that a key is refused, and asks for another', async () => {
  const { page } = await open(admin);
  await page.locator('#sign-in-key').fill('rk_000000000000_0000000000000000000000000000000000000000000');
  await page.locator('#sign-in .send').press('Enter');
  await said(page, 'Authentication is required');
  assert.equal(await page.locator('#people').isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'sign-in-key');
  await page.context().close();
});

test('a key that is revoked meanwhile ends what the page shows', async () => {
  const person = await newPerson();
  const { id, key: secret } = await newKey('users:read', 'users:write');
  const { page } = await open(admin);
  await signIn(page, secret);
  await openPerson(page, person);
  await operate('DELETE', `keys/${id}`);

  await page.getByRole('button', { name: 'Disable …' }).press('Enter');
  await confirm(page, 'Too late');

  await said(page, 'Authentication is required');
  assert.equal(await page.locator('#ask').evaluate((dialog) => dialog.open), false);
  assert.equal(await page.locator('#sign-in').isVisible(), true);
  assert.equal((await page.locator('main').innerText()).includes(person.email), false);
  assert.equal((await operate('GET', `users/${person.id}`)).status, 'active');
  await page.context().close();
});

test('a key without a scope shows what it may, and says what it lacks', async () => {
  const person = await newPerson();
  const { key: secret } = await newKey('users:read');
  const { page } = await open(admin);
  await signIn(page, secret);
  await openPerson(page, person);

  await page.locator('#person').getByText('audit:read').waitFor();
  await page.getByRole('button', { name: 'Disable …' }).press('Enter');
  await confirm(page, 'Not allowed');
  await page.locator('#ask-error').filter({ hasText: 'users:write' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Disable …');
  await page.context().close();
});

test('the state of the node is refreshed, pauses while hidden, and survives a node that does not answer', async () => {
  const { page } = await open('about:blank');
  await page.clock.install();
  let isDown = false;
  let looks = 0;
  await page.route(/healthcheck|prometheus/, (route) => {
    looks++;
    return isDown ? route.abort() : route.continue();
  });
  const state = (text) => page.locator('#node-state').filter({ hasText: text }).waitFor();
  const next = async () => {
    const before = looks;
    while (looks === before) {
      await page.clock.runFor(3_000);
    }
  };
  await page.goto(admin.href);
  await state('All checks pass.');
  await page.locator('#node-pools tbody tr').first().waitFor();
  assert.match(await page.locator('#version').innerText(), /^\d+\.\d+/);

  isDown = true;
  await next();
  await state('The node does not answer.');
  isDown = false;
  await next();
  await state('All checks pass.');

  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.waitForLoadState('networkidle');
  const before = looks;
  await page.clock.runFor(60_000);
  assert.equal(looks, before, 'nobody looks while the page is hidden');
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await next();
  await page.context().close();
});

for (const [width, height] of [[1280, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the operators' page is accessible in ${colorScheme} mode, ${width} pixels wide`, async () => {
      const person = await newPerson();
      await person.logIn();
      const { page, faults } = await open(admin, { colorScheme, width, height, reducedMotion: 'reduce' });
      const check = async (name, part) => {
        assert.deepEqual(await violations(page, part), [], name);
        const fits = await page.evaluate(() => document.body.scrollWidth <= document.body.clientWidth);
        assert.ok(fits, `${name} is too wide`);
        await page.screenshot({ path: `operators-page-${name}-${width}-${colorScheme}.png` });
      };
      await page.locator('#node-pools').waitFor();
      await check('sign-in');
      await signIn(page);
      await page.locator('.open').first().waitFor();
      await check('people');
      await openPerson(page, person);
      await page.locator('.history').waitFor();
      await check('person');
      await page.getByRole('button', { name: 'Disable …' }).press('Enter');
      await check('dialog', 'dialog');
      assert.deepEqual(faults, []);
      await page.context().close();
    });
  }
}

testAccessibilityAndStability("the operators' page", admin.href);

test('the docs page of the admin port takes a key and sends calls with it', async () => {
  const document = await readFile('admin/openapi.yaml', 'utf8');
  const operations = new Set(document.match(/(?<=^ +operationId: ).*/gm)).size;
  const { page, faults } = await open(new URL('/docs', admin));
  await page.locator('#listUsers').waitFor();
  assert.equal(await page.locator('.operation').count(), operations);
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: 'Enter your API key' }).press('Enter');
  await page.locator('#token-value').fill(key);
  await page.locator('#token-dialog .send').press('Enter');
  await page.locator('#listUsers > form > button').press('Enter');
  await page.locator('#listUsers > [role=status]').filter({ hasText: /^200/ }).waitFor();
  assert.match(await page.locator('#getUser-id').inputValue(), /^[0-9a-f-]{36}$/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

/**
 * Sends, from a page of another origin, what changes something: with and without a key, as a form or a script can.
 * Returns the statuses of the answers, which the page itself may not see.
 */
async function attack(page, target, person) {
  const statuses = [];
  page.on('response', (response) => {
    if (response.url().startsWith(`${target}/`) && response.request().method() !== 'GET') {
      statuses.push(response.status());
    }
  });
  const acts = ['disable', 'enable', 'password-reset'].map((act) => `/admin/v1/users/${person.id}/${act}`);
  const paths = ['/tasks/purge', '/admin/v1/users', ...acts];
  await page.evaluate(async ([origin, all, secret, user]) => {
    const send = (path, options) => fetch(origin + path, options).catch(() => {});
    const authorized = { Authorization: `Bearer ${secret}`, 'Roster-Reason': 'attack' };
    for (const path of all) {
      await send(path, { method: 'POST', mode: 'no-cors', body: '{}' });
      await send(path, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: '{}' });
      await send(path, { method: 'POST', headers: { ...authorized, 'Content-Type': 'application/json' }, body: '{}' });
      const frame = Object.assign(document.createElement('iframe'), { name: `frame${path}` });
      const form = document.createElement('form');
      Object.assign(form, { action: origin + path, method: 'POST', enctype: 'text/plain', target: frame.name });
      document.body.append(frame, form);
      const answered = new Promise((resolve) => frame.addEventListener('load', resolve));
      form.submit();
      await answered;
    }
    for (const path of [`/admin/v1/users/${user}`, `/admin/v1/users/${user}/sessions`]) {
      await send(path, { method: 'DELETE', headers: { ...authorized, 'If-Match': '*' } });
    }
  }, [target, paths, key, person.id]);
  return statuses;
}

async function assertUntouched(person, before) {
  const { version, status } = await operate('GET', `users/${person.id}`);
  const { sessions } = await operate('GET', `users/${person.id}/sessions`);
  const { events } = await operate('GET', `audit?target=${person.id}`);
  assert.deepEqual({ version, status, sessions: sessions.length, events: events.length }, before);
}

async function stateOf(person) {
  await person.logIn();
  const { events } = await operate('GET', `audit?target=${person.id}`);
  return { version: person.version, status: 'active', sessions: 1, events: events.length };
}

for (const host of ['127.0.0.1', 'localhost']) {
  test(`a page of another origin, http://${host}, changes nothing`, async () => {
    const person = await newPerson();
    const before = await stateOf(person);
    const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(EMPTY_PAGE));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { page } = await open(`http://${host}:${server.address().port}/`);
      const statuses = await attack(page, admin.origin, person);

      assert.notEqual(statuses.length, 0);
      assert.deepEqual(new Set(statuses), new Set([403]));
      await assertUntouched(person, before);
      await page.context().close();
    } finally {
      server.close().closeAllConnections();
    }
  });
}

test('a page whose name leads to the admin port (DNS rebinding) changes nothing', async () => {
  const person = await newPerson();
  const before = await stateOf(person);
  // Chromium may refuse by itself to send anything from the Internet to this machine. Not every browser does.
  const rules = ['--host-resolver-rules=MAP attacker.example 127.0.0.1', '--disable-features=LocalNetworkAccessChecks'];
  const browser = await chromium.launch({ executablePath, args: [...args, ...rules] });
  try {
    const page = await browser.newPage();
    const target = `http://attacker.example:${admin.port}`;
    // The first answer is the attacker's; then the name leads to this machine.
    const answer = { contentType: 'text/html', body: EMPTY_PAGE };
    await page.route(`${target}/`, (route) => route.fulfill(answer), { times: 1 });
    await page.goto(target);
    const statuses = await attack(page, target, person);

    assert.notEqual(statuses.length, 0);
    assert.deepEqual(new Set(statuses), new Set([421]));
    await assertUntouched(person, before);
  } finally {
    await browser.close();
  }
});
