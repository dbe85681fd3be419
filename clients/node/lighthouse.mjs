// What the tests of the pages share about Lighthouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';
import { args, executablePath } from './browser.mjs';

const RUNS = 3;

/** Tests that Lighthouse finds a page accessible and stable on a phone and on a desktop. */
export function testAccessibilityAndStability(name, address) {
  for (const [device, config] of [['a phone', undefined], ['a desktop', desktopConfig]]) {
    test(`Lighthouse finds ${name} accessible and stable on ${device}`, async () => {
      const report = await measure(address, config);

      assert.equal(report.runtimeError, undefined);
      assert.equal(report.categories.accessibility.score, 1);
      assert.ok(report.audits['cumulative-layout-shift'].numericValue < 0.1);
    });
  }
}

// On a busy machine, Chromium sometimes records no trace. Such a report says nothing about the page, and asks for
// another run in a new browser.
async function measure(address, config) {
  for (let run = 1; ; run++) {
    const chrome = await launch({ chromePath: executablePath, chromeFlags: ['--headless', ...args] });
    try {
      const flags = { port: chrome.port, onlyCategories: ['accessibility', 'performance'] };
      const { lhr } = await lighthouse(address, flags, config);
      if (lhr.runtimeError === undefined || run === RUNS) {
        return lhr;
      }
      console.log(`Lighthouse runs again: ${lhr.runtimeError.message}`);
    } finally {
      chrome.kill();
    }
  }
}
