// Tests the pages that prove, change and take back an address in Chromium.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { open, stored, tabTo, violations } from './browser.mjs';

// A service with EMAIL_VERIFICATION=required.
const service = process.env.ROSTER_URL_WITH_PROOFS;
const skip = service === undefined && 'ROSTER_URL_WITH_PROOFS is not set';
const address = (page) => new URL(`/account/${page}`, service).href;
const mailbox = new URL('/mailbox', process.env.ROSTER_ADMIN_URL);
const password = 'Kpass2000$';

const send = (method, path, body, token) => fetch(new URL(`/api/v1/${path}`, service), {
  method,
  headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
  body: JSON.stringify(body),
});

const newEmail = () => `${randomUUID()}@page.example`;
const logIn = (email) => send('POST', 'auth/login', { email, password });

/** Registers an address, which waits for its proof. */
async function register() {
  const email = newEmail();
  const registered = await send('POST', 'auth/register', { name: 'Juliet Ross', email, password });
  assert.equal(registered.status, 202);
  return email;
}

/** The link in the latest mail of a kind to an address, with the host of the service under test. */
async function link(kind, email) {
  const response = await fetch(mailbox, { headers: { Accept: 'application/json' } });
  const { mails } = await response.json();
  const { text } = mails.find((mail) => mail.kind === kind && mail.to === email);
  const [, page, fragment] = /account\/([a-z-]+)(#token=\S+)/.exec(text);
  return address(page) + fragment;
}

/** A person whose address is proven, and who is logged in. */
async function newPerson() {
  const email = await register();
  const token = new URL(await link('verification', email)).hash.slice('#token='.length);
  assert.equal((await send('POST', 'auth/verification/confirm', { token, password })).status, 201);
  const { access_token: accessToken } = await (await logIn(email)).json();
  return { email, accessToken };
}

async function changeEmail(person) {
  const email = newEmail();
  const answer = await send('PUT', 'users/me', { email, current_password: password }, person.accessToken);
  assert.equal(answer.status, 200);
  return email;
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

/** Opens a link and records what the page requests from then on. */
async function follow(href) {
  const opened = await open(new URL(href).origin + '/account/reset');
  const requests = [];
  opened.page.on('request', (sent) => requests.push({ text: `${sent.url()} ${JSON.stringify(sent.headers())}`, method: sent.method() }));
  await opened.page.goto(href);
  return { ...opened, requests, secret: new URL(href).hash.slice('#token='.length) };
}

/** Nothing has shown the token, and nothing is kept. */
async function expectSecrecy({ page, faults, requests, secret }) {
  assert.equal(page.url().includes('#'), false, 'the token is not in the address');
  assert.equal((await page.content()).includes(secret), false, 'the token is not in the document');
  assert.deepEqual(requests.filter(({ text }) => text.includes(secret)), []);
  assert.deepEqual(unexpected(faults), []);
  assert.deepEqual(await stored(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });
}

test('a person confirms a registration with its password', { skip }, async () => {
  const email = await register();
  const opened = await follow(await link('verification', email));
  const { page, requests } = opened;
  await titled(page, 'Confirm your e-mail address');
  assert.equal(page.url(), address('verify'));
  assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), [], 'nothing happens before the button is pressed');

  await press(page, '#confirm .send');
  await page.locator('#password').waitFor();
  assert.ok(await hasFocus(page, '#password'));
  await page.keyboard.insertText('wrong');
  await page.keyboard.press('Enter');
  await page.locator('#password-error').filter({ hasText: 'not the password of the registration' }).waitFor();
  assert.ok(await hasFocus(page, '#password[aria-invalid=true]'));
  assert.equal((await logIn(email)).status, 401);

  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(password);
  await page.keyboard.press('Enter');
  await titled(page, 'You have an account');
  assert.ok(await hasFocus(page, 'h1'));
  assert.equal(await page.locator('#password').inputValue(), '');
  assert.equal((await logIn(email)).status, 200);
  await expectSecrecy(opened);
  await page.context().close();
});

test('a link that was replaced leads to a new mail', { skip }, async () => {
  const email = await register();
  const earlier = await link('verification', email);
  assert.equal((await send('POST', 'auth/verification', { email })).status, 202);
  const opened = await follow(earlier);
  const { page } = opened;

  await press(page, '#confirm .send');
  await titled(page, 'Ask for a new mail');
  assert.ok(await hasFocus(page, 'h1'));
  await tabTo(page, '#email');
  await page.keyboard.insertText(email);
  await page.keyboard.press('Enter');
  await said(page, `If the address ${email} waits for its confirmation, a mail is on its way.`);

  await page.goto(await link('verification', email));
  await press(page, '#confirm .send');
  await page.locator('#password').waitFor();
  await page.keyboard.insertText(password);
  await page.keyboard.press('Enter');
  await titled(page, 'You have an account');
  await expectSecrecy(opened);
  await page.context().close();
});

test('a user without a proof confirms the address without a password', { skip }, async () => {
  const email = newEmail();
  const registered = await fetch(new URL('/api/v1/auth/register', process.env.ROSTER_URL), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Juliet Ross', email, password }),
  });
  assert.equal(registered.status, 201);
  assert.equal((await send('POST', 'auth/verification', { email })).status, 202);
  const opened = await follow(await link('verification', email));

  await press(opened.page, '#confirm .send');

  await titled(opened.page, 'Your address is confirmed');
  assert.equal((await (await logIn(email)).json()).user.email_verified, true);
  await expectSecrecy(opened);
  await opened.page.context().close();
});

test('a person confirms a new address', { skip }, async () => {
  const person = await newPerson();
  const email = await changeEmail(person);
  const href = await link('email_change', email);
  const opened = await follow(href);
  const { page, requests } = opened;
  await titled(page, 'Confirm your new e-mail address');
  assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), []);

  await press(page, '#confirm .send');
  await titled(page, 'Your address is changed');
  await said(page, `Your account has the address ${email} now.`);
  assert.ok(await hasFocus(page, 'h1'));
  assert.equal((await logIn(email)).status, 200);

  await page.goto(href);
  await press(page, '#confirm .send');
  await titled(page, 'This link does not work any more');
  await expectSecrecy(opened);
  await page.context().close();
});

test('the owner of an address keeps it', { skip }, async () => {
  const person = await newPerson();
  const email = await changeEmail(person);
  const change = new URL(await link('email_change', email)).hash.slice('#token='.length);
  assert.equal((await send('POST', 'auth/email-change/confirm', { token: change })).status, 200);
  const href = await link('email_change_notice', person.email);
  const opened = await follow(href);
  const { page, requests } = opened;
  await titled(page, 'Keep your e-mail address');
  assert.deepEqual(requests.filter(({ method }) => method !== 'GET'), []);
  assert.equal((await logIn(email)).status, 200);

  await press(page, '#revert .send');
  await titled(page, 'You keep your address');
  await said(page, 'A mail to set a new password is on its way');
  assert.ok(await hasFocus(page, 'h1'));
  assert.equal((await logIn(email)).status, 401);
  await link('password_reset', person.email);

  await page.goto(href);
  await press(page, '#revert .send');
  await titled(page, 'This link does not work any more');
  await expectSecrecy(opened);
  await page.context().close();
});

test('a request that fails can be sent again', { skip }, async () => {
  for (const [name, form, done] of [
    ['verify', '#confirm', { status: 204 }],
    ['email-change', '#confirm', { status: 200, json: { email: 'juliet@page.example' } }],
    ['revert', '#revert', { status: 204 }],
  ]) {
    const { page, faults } = await open(`${address(name)}#token=of-a-link`);
    const answers = [
      [{ status: 409, json: { detail: 'Somebody has the address.' } }, 'Somebody has the address.'],
      [{ status: 503, body: 'a proxy says so' }, 'The service cannot do this at the moment. Try again soon.'],
      [null, 'No answer came. Check your connection, and try again.'],
      [done, ''],
    ];
    let answer;
    const sent = [];
    await page.route(/\/auth\//, (route) => {
      sent.push(route.request().postDataJSON());
      return answer === null ? route.abort() : route.fulfill(answer);
    });

    for (const [given, text] of answers) {
      answer = given;
      await press(page, `${form} .send`);
      await (text === '' ? page.locator(form).waitFor({ state: 'hidden' }) : said(page, text));
    }

    assert.deepEqual(sent, answers.map(() => ({ token: 'of-a-link' })));
    assert.deepEqual(unexpected(faults), []);
    await page.context().close();
  }
});

test('a page without a token says what to do', { skip }, async () => {
  for (const [name, title] of [['email-change', 'Confirm your new e-mail address'], ['revert', 'Keep your e-mail address']]) {
    const { page } = await open(address(name));
    await titled(page, title);
    await said(page, 'Open the link in the mail');
    assert.equal(await page.locator('form:visible').count(), 0);
    await page.context().close();
  }
});

for (const [width, height] of [[1280, 900], [390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the pages are accessible in ${colorScheme} mode, ${width} pixels wide`, { skip }, async () => {
      for (const [name, form] of [['verify', '#confirm'], ['email-change', '#confirm'], ['revert', '#revert']]) {
        const { page, faults } = await open(`${address(name)}#token=of-a-link`, { colorScheme, width, height });
        const check = async (state) => {
          assert.deepEqual(await violations(page), [], `${name} ${state}`);
          const fits = await page.evaluate(() => document.body.scrollWidth <= document.body.clientWidth);
          assert.ok(fits, `${name} ${state} is too wide`);
          await page.screenshot({ path: `account-page-${name}-${state}-${width}-${colorScheme}.png` });
        };
        await page.locator(form).waitFor();
        await check('begun');
        if (name === 'verify') {
          await page.route(/confirm/, (route) => route.fulfill({
            status: 422,
            json: { errors: [{ field: 'password', message: 'is required' }] },
          }));
          await page.locator(`${form} .send`).click();
          await page.locator('#password').waitFor();
          await check('password');
          await page.unroute(/confirm/);
          await page.locator('#password').fill('wrong');
        }
        await page.locator(`${form} .send`).click();
        await titled(page, name === 'verify' ? 'Ask for a new mail' : 'This link does not work any more');
        await check('used');
        await page.route(/\/auth\//, (route) => route.fulfill({ status: name === 'email-change' ? 200 : 204, json: {} }));
        await page.goto(`${address(name)}#token=of-a-link`);
        await page.locator(`${form} .send`).click();
        await page.locator(form).waitFor({ state: 'hidden' });
        await check('done');
        assert.deepEqual(unexpected(faults), []);
        await page.context().close();
      }
    });
  }
}
