// What the tests of the pages share. The variable CHROMIUM names the browser's path; the default is /usr/bin/chromium.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const args = [
  '--no-sandbox', // Chromium refuses to run as root otherwise
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

let browser;

before(async () => {
  browser = await chromium.launch({ executablePath, args });
});

after(() => browser?.close());

/** Opens an address. Collects the faults of the page: errors, policy violations, requests to other origins. */
export async function open(address, { colorScheme = 'light', width = 1280, height = 900, reducedMotion } = {}) {
  const { origin, href } = new URL(address);
  const viewport = { width, height };
  const context = await browser.newContext({ colorScheme, viewport, isMobile: width < 600, reducedMotion });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
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
  await page.goto(href);
  return { page, faults };
}

/** The rules of axe that a part of the page breaks, each with the first element. Empty if there are none. */
export async function violations(page, part = 'html') {
  await page.evaluate(axe);
  return page.evaluate(async (selector) => {
    const results = await globalThis.axe.run(selector, { resultTypes: ['violations'] });
    return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  }, part);
}

/** Presses the tab key until the element has the focus, and checks that a person sees it then. */
export async function tabTo(page, selector) {
  const hasFocus = () => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
  for (let presses = 0; !(await hasFocus()); presses++) {
    assert.ok(presses < 300, `the tab key does not reach ${selector}`);
    await page.keyboard.press('Tab');
  }
  assert.ok(await page.evaluate(() => {
    const { left, top, width } = document.activeElement.getBoundingClientRect();
    return document.activeElement.contains(document.elementFromPoint(left + width / 2, top + 5));
  }), `${selector} is covered`);
}

/** Everything that the browser stores for the page. */
export async function stored(page) {
  const storage = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches?.keys(),
  }));
  return { ...storage, cookies: await page.context().cookies() };
}
