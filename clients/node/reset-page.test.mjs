// Tests the page to set a new password in Chromium.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { test } from 'node:test';
import { open, stored, tabTo, violations } from './browser.mjs';

const api = new URL('/api/v1/', process.env.ROSTER_URL);
const address = new URL('/account/reset', api);
const mailbox = new URL('/mailbox', process.env.ROSTER_ADMIN_URL);
const oldPassword = 'Kpass2000$';
const newPassword = 'Another-Horse-9';

const post = (path, body) => fetch(new URL(path, api), {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

async function newPerson() {
  const email = `${randomUUID()}@page.example`;
  const registered = await post('auth/register', { name: 'Juliet Ross', email, password: oldPassword });
  assert.equal(registered.status, 201);
  return { email, logIn: async (password) => (await post('auth/login', { email, password })).status };
}

/** The fragment of the link in the latest mail to an address. */
async function fragment(email) {
  const response = await fetch(mailbox, { headers: { Accept: 'application/json' } });
  const { mails } = await response.json();
  const { text } = mails.find(({ kind, to }) => kind === 'password_reset' && to === email);
  return /#token=\S+/.exec(text)[0];
}

const said = (page, text) => page.locator('#message').filter({ hasText: text }).waitFor();
const titled = (page, text) => page.locator('h1').filter({ hasText: text }).waitFor();
const hasFocus = (page, selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);

/** Chromium reports each answer that is an error. */
const unexpected = (faults) => faults.filter((fault) => !/status of 4|status of 503|ERR_FAILED/.test(fault));

async function press(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

async function submitPassword(page, password = newPassword) {
  await page.locator('#password').fill(password);
  await page.locator('#password').press('Enter');
}

test('a person asks for a link and sets a new password with the keyboard', async () => {
  const person = await newPerson();
  const { page, faults } = await open(address);
  const requests = [];
  page.on('request', (sent) => requests.push(`${sent.url()} ${JSON.stringify(sent.headers())}`));

  await titled(page, 'Ask for a new password');
  assert.ok(await hasFocus(page, '#email'));
  await page.keyboard.insertText(person.email);
  await press(page, '#ask .send');
  await said(page, `If an account has the address ${person.email}, a mail is on its way.`);

  const link = await fragment(person.email);
  const secret = link.slice('#token='.length);
  await page.goto(address.href + link);
  await titled(page, 'Set a new password');
  assert.equal(page.url(), address.href, 'the token is not in the address any more');
  assert.ok(await hasFocus(page, '#password'));
  await page.keyboard.insertText('password');
  await page.keyboard.press('Enter');
  await page.locator('#password-error').filter({ hasText: 'The password must' }).waitFor();
  assert.ok(await hasFocus(page, '#password[aria-invalid=true]'));

  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(newPassword);
  await tabTo(page, '#show');
  await page.keyboard.press('Space');
  assert.equal(await page.locator('#show').getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('#password').getAttribute('type'), 'text');
  assert.equal((await page.content()).includes(secret), false, 'the token is not in the document');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await titled(page, 'Your password is set');
  await said(page, 'All sessions have ended. Log in with the new password.');
  assert.ok(await hasFocus(page, 'h1'));
  assert.equal(await page.locator('#password').inputValue(), '');
  assert.equal(await person.logIn(oldPassword), 401);
  assert.equal(await person.logIn(newPassword), 200);

  await page.goto(address.href + link);
  await titled(page, 'Set a new password');
  await page.keyboard.insertText('Third-Horse-9');
  await page.keyboard.press('Enter');
  await titled(page, 'Ask for a new link');
  await said(page, 'This link does not work any more');
  assert.ok(await hasFocus(page, 'h1'));
  assert.equal(await person.logIn(newPassword), 200);
  await tabTo(page, '#email');

  assert.deepEqual(requests.filter((sent) => sent.includes(secret)), []);
  assert.deepEqual(unexpected(faults), []);
  assert.deepEqual(await stored(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });
  await page.context().close();
});

test('a link opens in a new tab, and a reload forgets its token', async () => {
  const { page } = await open(`${address}#token=of-a-link`);
  await titled(page, 'Set a new password');
  assert.equal(page.url(), address.href);

  await page.reload();

  await titled(page, 'Ask for a new password');
  await page.context().close();
});

test('a request that fails can be sent again', async () => {
  const { page, faults } = await open(`${address}#token=of-a-link`);
  const answers = [
    [{ status: 429, json: { detail: 'Too many attempts. Try again in 60 s.' } }, 'Try again in 60 s.'],
    [{ status: 503, body: 'a proxy says so' }, 'The service cannot do this at the moment. Try again soon.'],
    [{ status: 418, body: 'a proxy says so' }, 'Something went wrong (status 418). Try again later.'],
    [null, 'No answer came. Check your connection, and try again.'],
    [{ status: 204 }, 'All sessions have ended.'],
  ];
  let answer;
  const sent = [];
  await page.route(/password-reset/, (route) => {
    sent.push(route.request().postDataJSON());
    return answer === null ? route.abort() : route.fulfill(answer);
  });

  for (const [given, text] of answers) {
    answer = given;
    await submitPassword(page);
    await said(page, text);
  }

  assert.deepEqual(sent, answers.map(() => ({ token: 'of-a-link', password: newPassword })));
  assert.deepEqual(unexpected(faults), []);
  await page.context().close();
});

test('an address that is none is refused beside its field', async () => {
  const { page } = await open(address);
  await page.locator('#email').fill('juliet@localhost');
  await page.locator('#email').press('Enter');

  await page.locator('#email-error').filter({ hasText: 'The address must' }).waitFor();
  assert.ok(await hasFocus(page, '#email[aria-invalid=true]'));
  await page.context().close();
});

test('the page works below a sub-path', async () => {
  const prefix = '/people/roster';
  const proxy = createServer((received, answer) => {
    const { method, headers, url } = received;
    const sent = request(new URL(url.slice(prefix.length), api), { method, headers }, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
    received.pipe(sent);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${proxy.address().port}`;
  const { page, faults } = await open(`${origin}${prefix}/account/reset#token=of-a-link`);

  await submitPassword(page);

  await titled(page, 'Ask for a new link');
  assert.equal(page.url(), `${origin}${prefix}/account/reset`);
  assert.deepEqual(unexpected(faults), []);
  await page.context().close();
  proxy.close();
});

for (const [width, height] of [[1280, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the page is accessible in ${colorScheme} mode, ${width} pixels wide`, async () => {
      const { page, faults } = await open(`${address}#token=of-a-link`, { colorScheme, width, height });
      const check = async (name) => {
        assert.deepEqual(await violations(page), [], name);
        const fits = await page.evaluate(() => document.body.scrollWidth <= document.body.clientWidth);
        assert.ok(fits, `${name} is too wide`);
        await page.screenshot({ path: `reset-page-${name}-${width}-${colorScheme}.png` });
      };
      await titled(page, 'Set a new password');
      await check('set');
      await submitPassword(page, 'short');
      await page.locator('#password-error').filter({ hasText: 'The password must' }).waitFor();
      await check('refused');
      await submitPassword(page);
      await titled(page, 'Ask for a new link');
      await check('used');
      await page.route(/password-reset/, (route) => route.fulfill({ status: 202 }));
      await page.locator('#email').fill('juliet.ross@gmail.com');
      await page.locator('#email').press('Enter');
      await said(page, 'a mail is on its way');
      await check('asked');
      await page.route(/password-reset/, (route) => route.fulfill({ status: 204 }));
      await page.goto(`${address}#token=of-a-link`);
      await submitPassword(page);
      await titled(page, 'Your password is set');
      await check('done');
      assert.deepEqual(unexpected(faults), []);
      await page.context().close();
    });
  }
}
