// Two tabs of a browser share the tokens. The variable CHROMIUM names the browser's path.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, type TestContext, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import type * as client from 'roster-client';
import { type Handler, serve } from './server.js';

const LIST = 'GET /api/v1/users?';
const REFRESH = 'POST /api/v1/auth/refresh';
const PACKAGE = new URL('.', import.meta.resolve('roster-client'));
const password = 'Kpass2000$';

/** What the page below keeps for the tests. */
interface Tab {
  roster: client.Roster;
  users: client.UsersApi;
  authentication: client.AuthenticationApi;
  loggedOut: boolean;
}

const HTML = `<!doctype html><link rel="icon" href="data:,"><script type="module">
  import { AuthenticationApi, localStorageTokens, Roster, UsersApi } from '/client/index.js';
  globalThis.tab = { loggedOut: false };
  const onLoggedOut = () => { tab.loggedOut = true; };
  tab.roster = new Roster({ basePath: '/api/v1', storage: localStorageTokens(), onLoggedOut });
  tab.users = new UsersApi(tab.roster.configuration);
  tab.authentication = new AuthenticationApi(tab.roster.configuration);
</script>`;

declare const tab: Tab;
let browser: Browser;

before(async () => {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});

after(() => browser?.close());

/** Two tabs in which a new user is logged in. The handler gets the requests to the service. */
async function twoTabs(t: TestContext, handler: Handler) {
  const email = `${randomUUID()}@tabs.example`;
  const server = await serve(t, async (request, forward) => {
    const path = request.replace('GET /', '');
    if (path === '') {
      return new Response(HTML, { headers: { 'Content-Type': 'text/html' } });
    }
    if (path.startsWith('client/')) {
      const script = await readFile(new URL(path.replace('client/', ''), PACKAGE));
      return new Response(new Uint8Array(script), { headers: { 'Content-Type': 'text/javascript' } });
    }
    return handler(request, forward);
  });
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(30_000);
  const open = async () => {
    const page = await context.newPage();
    await page.goto(server.origin);
    await page.waitForFunction(() => 'tab' in globalThis && 'authentication' in tab);
    return page;
  };
  const tabs = [await open(), await open()] as const;
  await tabs[0].evaluate(async ([email, password]) => {
    await tab.authentication.register({ registerUser: { name: 'Viola', email, password } });
    await tab.roster.logIn({ email, password });
  }, [email, password] as const);
  await sameTokens(tabs);
  return { tabs };
}

/** Waits until both tabs see the same tokens: a browser shows a tab's write to other tabs a moment later. */
async function sameTokens([first, second]: readonly [Page, Page]) {
  const tokens = await first.evaluate(() => localStorage.getItem('roster-tokens'));
  await second.waitForFunction((expected) => localStorage.getItem('roster-tokens') === expected, tokens);
}

const nameIn = (page: Page) => page.evaluate(async () => (await tab.users.getMe()).name);

test('two tabs that need a new access token at once refresh once, and both stay logged in', async (t) => {
  let waiting = 0;
  let bothHaveCome = () => {};
  const bothCame = new Promise<void>((resolve) => {
    bothHaveCome = resolve;
  });
  let refreshed = 0;
  const { tabs } = await twoTabs(t, async (request, forward) => {
    if (request.startsWith(LIST)) {
      if (++waiting === 2) {
        bothHaveCome();
      }
      await bothCame;
    }
    const response = await forward();
    refreshed += request === REFRESH && response.ok ? 1 : 0;
    return response;
  });
  // The service gives the same answer to every token that it refuses: an expired one too.
  await tabs[0].evaluate(() => {
    const key = 'roster-tokens';
    const tokens = JSON.parse(localStorage.getItem(key) ?? '') as client.Tokens;
    localStorage.setItem(key, JSON.stringify({ ...tokens, accessToken: tokens.accessToken.slice(0, -5) }));
  });

  await sameTokens(tabs);

  // For the same address, Chromium would send one request after the other.
  await Promise.all(tabs.map((page, i) => page.evaluate((limit) => tab.users.listUsers({ limit }), i + 1)));

  assert.deepEqual(await Promise.all(tabs.map(nameIn)), ['Viola', 'Viola']);
  assert.equal(refreshed, 1);
});

test('a logout in one tab is heard in the other', async (t) => {
  const { tabs } = await twoTabs(t, (_, forward) => forward());
  assert.equal(await nameIn(tabs[1]), 'Viola');

  await tabs[0].evaluate(() => tab.roster.logOut());

  await tabs[1].waitForFunction(() => tab.loggedOut);
  assert.equal(await tabs[1].evaluate(() => tab.roster.isLoggedIn()), false);
});
