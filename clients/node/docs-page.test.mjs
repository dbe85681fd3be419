// Tests the page at /docs in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open as openAddress, stored, tabTo, violations } from './browser.mjs';
import { testAccessibilityAndStability } from './lighthouse.mjs';

const service = new URL(process.env.ROSTER_URL);
const contract = await (await fetch(new URL('/openapi.yaml', service))).text();
// Links name operations too.
const operations = new Set(contract.match(/(?<=^ +operationId: ).*/gm)).size;

/** Opens the page. */
async function open({ host = service.hostname, ...options } = {}) {
  const { origin } = Object.assign(new URL(service), { hostname: host });
  const opened = await openAddress(`${origin}/`, options);
  await opened.page.locator('#register').waitFor();
  assert.equal(opened.page.url(), `${origin}/docs`);
  return opened;
}

/** Opens an operation and presses its button with the keyboard. Returns the status and the body of the answer. */
async function send(page, operation) {
  const block = page.locator(`#${operation}`);
  if ((await block.getAttribute('open')) === null) {
    await tabTo(page, `#${operation} > summary`);
    await page.keyboard.press('Enter');
  }
  await tabTo(page, `#${operation} > form > button`);
  await page.keyboard.press('Enter');
  const status = block.locator('> [role=status]');
  await status.filter({ hasText: /after|failed/ }).waitFor();
  const body = block.locator('.answer pre[aria-label="Body of the answer"]');
  return {
    status: parseInt(await status.innerText(), 10),
    body: (await body.count()) === 0 ? null : JSON.parse(await body.innerText()),
  };
}

const token = (page) => page.locator('#token [role=status]').innerText();

test('a user registers, logs in, reads and logs out with the keyboard, and the browser stores nothing', async () => {
  const { page, faults } = await open();
  const email = `juliet.${Date.now()}@example.com`;
  const user = { name: 'Juliet Ross', email, password: 'Kpass2000$' };

  await tabTo(page, '#register textarea');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(JSON.stringify(user));
  const registered = await send(page, 'register');
  assert.equal(registered.status, 201);
  assert.equal(registered.body.email, email);
  assert.equal(await token(page), 'No token yet.');

  const loggedIn = await send(page, 'logIn');
  assert.equal(loggedIn.status, 200);
  assert.deepEqual(loggedIn.body.user, registered.body);
  assert.equal(await token(page), 'Logged in as Juliet Ross.');

  assert.deepEqual(await send(page, 'getMe'), { status: 200, body: registered.body });
  assert.deepEqual(await send(page, 'getUser'), { status: 200, body: registered.body });

  const sessions = await send(page, 'listSessions');
  assert.equal(sessions.body.sessions[0].current, true);
  assert.equal(await page.locator('#endSession-sid').inputValue(), sessions.body.sessions[0].id);

  const refreshed = await send(page, 'refresh');
  assert.equal(refreshed.status, 200);
  assert.notEqual(refreshed.body.access_token, loggedIn.body.access_token);
  assert.equal((await send(page, 'refresh')).status, 200, 'the next refresh token is filled in');

  assert.deepEqual(await send(page, 'logOut'), { status: 204, body: null });
  assert.equal(await token(page), 'Logged out.');
  assert.deepEqual(faults, []);
  assert.equal((await send(page, 'getMe')).status, 401);
  assert.deepEqual(await stored(page), { local: {}, session: {}, databases: [], caches: [], cookies: [] });
  await page.context().close();
});

test('the list shows users without a change to its form', async () => {
  const { page } = await open();
  const email = `romeo.${Date.now()}@example.com`;
  await page.locator('#register textarea').fill(JSON.stringify({ name: 'Romeo', email, password: 'Kpass2000$' }));
  await send(page, 'register');
  await send(page, 'logIn');

  const list = await send(page, 'listUsers');

  assert.equal(list.status, 200);
  assert.notEqual(list.body.users.length, 0);
  await page.locator('#listUsers-q').fill(email);
  assert.deepEqual((await send(page, 'listUsers')).body.users.map((user) => user.email), [email]);
  await page.context().close();
});

test('a token can be entered, and a refused one is forgotten', async () => {
  const { page } = await open();
  const focused = () => page.evaluate(() => document.activeElement.closest('dialog, #token')?.id ?? 'elsewhere');
  const isOpen = () => page.locator('#token-dialog').evaluate((dialog) => dialog.open);

  await tabTo(page, '#token button');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'token-dialog');
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab');
    // Between the last and the first control, the focus is in the window of the browser, and the page has none.
    const isInPage = await page.evaluate(() => document.activeElement !== document.body);
    assert.equal(isInPage ? await focused() : 'token-dialog', 'token-dialog');
  }
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(), false);
  assert.equal(await focused(), 'token');

  await page.keyboard.press('Enter');
  await page.keyboard.insertText('not-a-token');
  await tabTo(page, '#token-dialog .send');
  await page.keyboard.press('Enter');
  assert.equal(await isOpen(), false);
  assert.equal(await focused(), 'token');
  assert.equal(await token(page), 'Calls send the token that you entered.');

  assert.equal((await send(page, 'getMe')).status, 401);
  assert.equal(await token(page), 'The token is not valid any more.');
  await page.context().close();
});

for (const [host, width, height] of [['127.0.0.1', 1280, 900], ['localhost', 390, 844]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the page is accessible in ${colorScheme} mode, ${width} pixels wide`, async () => {
      const { page, faults } = await open({ host, colorScheme, width, height });

      assert.equal(await page.title(), 'Roster API');
      assert.equal(await page.locator('.operation').count(), operations);
      const button = await page.locator('.send').first().boundingBox();
      assert.ok(button.y + button.height <= height, 'the first button is on the first screen');
      assert.deepEqual(await violations(page), []);

      await page.locator('#register textarea').fill('{}');
      await send(page, 'register');
      // All kinds of content are in these two; axe would take minutes for all of them.
      for (const details of await page.locator('#register details, #updateUser, #updateUser details').all()) {
        await details.evaluate((element) => { element.open = true; });
      }
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.body;
        return scrollWidth - clientWidth;
      }), 0, 'columns leave the page');
      await page.screenshot({ path: `docs-page-${width}-${colorScheme}.png` });

      await page.locator('#token button').click();
      assert.deepEqual(await violations(page, 'dialog'), []);
      assert.deepEqual(faults.filter((fault) => !fault.includes('status of 422')), []);
      await page.context().close();
    });
  }
}

testAccessibilityAndStability('the page', new URL('/docs', service).href);
