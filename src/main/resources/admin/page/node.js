import { element } from '../docs/element.js';
import { Plot } from './plot.js';
import { Scrape } from './prometheus.js';
import { short, time } from './text.js';

/** The time between two looks at the node, and the longest time that one takes. */
const INTERVAL = 3_000;
const PATIENCE = 2_500;

/** Five minutes of values. */
const SIZE = 100;

const REQUESTS = 'http_server_request_duration_seconds_count';
const DURATIONS = 'http_server_request_duration_seconds_sum';

const aside = document.querySelector('aside');
const state = document.getElementById('node-state');
const checks = document.getElementById('node-checks');
const pools = document.getElementById('node-pools');
const facts = document.getElementById('node-facts');

/** The plots. Each takes its value from a scrape, and from the one before if it is a rate. */
const plots = [
  [new Plot('Requests', ' /s', SIZE), (now, earlier) => rate(now, earlier, REQUESTS)],
  [
    new Plot('Errors (5xx)', ' /s', SIZE),
    (now, earlier) => rate(now, earlier, REQUESTS, { http_response_status_code: /^5/ }),
  ],
  [new Plot('Mean response time', ' ms', SIZE), meanTime],
  [new Plot('Feed age', ' s', SIZE), ({ scrape }) => scrape.sum('roster_feed_age_seconds')],
  [new Plot('Hashes waiting', '', SIZE), ({ scrape }) => scrape.sum('roster_hash_waiting')],
  [
    new Plot('Connections in use', '', SIZE),
    ({ scrape }) => scrape.sum('roster_database_connections', { state: 'active' }),
  ],
];

let before = null;
let timer;
let isLooking = false;

/** Looks at the node again and again, while the page can be seen. */
export function watchNode() {
  document.getElementById('node-plots').append(...plots.map(([plot]) => plot.render()));
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (!document.hidden) {
      // A rate over the pause would hide what happens now.
      before = null;
      plots.forEach(([plot]) => plot.add(null));
      look();
    }
  });
  look();
}

async function look() {
  if (isLooking) {
    return;
  }
  isLooking = true;
  try {
    const [health, text] = await Promise.all([get('healthcheck'), get('prometheus')]);
    show(JSON.parse(health), { scrape: new Scrape(text), at: performance.now() });
  } catch {
    plots.forEach(([plot]) => plot.add(null));
    before = null;
    aside.classList.add('stale');
    say('The node does not answer. The values below are old.', 'bad');
  }
  isLooking = false;
  if (!document.hidden) {
    timer = setTimeout(look, INTERVAL);
  }
}

/** A node that is not ready answers 503, with its checks. */
async function get(path) {
  const response = await fetch(path, { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok && response.status !== 503) {
    throw new Error(`${path}: ${response.status}`);
  }
  return response.text();
}

function show(health, now) {
  const { scrape } = now;
  const entries = Object.entries(health).sort(([a, { healthy: x }], [b, { healthy: y }]) => x - y || (a < b ? -1 : 1));
  const metric = (name, labels) => scrape.sum(name, labels);
  plots.forEach(([plot, value]) => plot.add(value(now, before)));
  before = now;
  aside.classList.remove('stale');
  const failed = entries.filter(([, { healthy }]) => !healthy).length;
  say(failed === 0 ? 'All checks pass.' : `${failed} of ${entries.length} checks fail.`, failed === 0 ? 'good' : 'bad');
  checks.replaceChildren(...entries.map(([name, { healthy, message }]) =>
    element('li', { class: healthy ? 'good' : 'bad' },
      element('span', { 'aria-hidden': 'true' }, healthy ? '✓ ' : '✗ '),
      name,
      healthy ? null : element('strong', {}, ' fails'),
      message ? element('span', { class: 'hint' }, ` ${message}`) : null)));
  document.getElementById('version').textContent = scrape.all('roster_build_info')[0]?.labels.version ?? '';
  pools.tBodies[0].replaceChildren(...scrape.all('roster_database_connections_max').map(({ labels: { pool }, value }) =>
    element('tr', {},
      element('th', { scope: 'row' }, pool),
      element('td', {}, short(metric('roster_database_connections', { pool, state: 'active' }))),
      element('td', {}, short(value)),
      element('td', {}, short(metric('roster_database_waiting', { pool }))))));
  pools.hidden = false;
  showFacts([
    ['Feed', metric('roster_feed_fresh') === 1 ? 'fresh' : 'not fresh'],
    ['Hash threads', `${short(metric('roster_hash_busy_threads'))} of ${short(metric('roster_hash_threads'))} busy`],
    ['Users', short(metric('roster_users'))],
    ['Open sessions', short(metric('roster_sessions'))],
    ['Revoked ids', short(metric('roster_revoked_ids'))],
    ['Heap', `${short(metric('jvm_memory_used_bytes', { area: 'heap' }) / 2 ** 20)} MiB`],
    ['Running since', startTime(metric('process_start_time_seconds'))],
  ]);
}

function showFacts(rows) {
  facts.replaceChildren(...rows.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

/** Says something new only: a screen reader would read each repetition. */
function say(text, tone) {
  if (state.textContent !== text) {
    state.textContent = text;
    state.className = tone;
  }
}

function startTime(seconds) {
  return seconds === null ? '–' : time(new Date(seconds * 1000).toISOString());
}

/** How much a counter grew a second; null if nobody knows, such as after a restart. */
function rate(now, earlier, name, labels) {
  const growth = growthOf(now, earlier, name, labels);
  return growth === null ? null : growth / ((now.at - earlier.at) / 1000);
}

function growthOf(now, earlier, name, labels) {
  if (earlier === null) {
    return null;
  }
  const growth = (now.scrape.sum(name, labels) ?? 0) - (earlier.scrape.sum(name, labels) ?? 0);
  return growth < 0 ? null : growth;
}

function meanTime(now, earlier) {
  const requests = growthOf(now, earlier, REQUESTS);
  const seconds = growthOf(now, earlier, DURATIONS);
  return requests === null || seconds === null || requests === 0 ? null : (1000 * seconds) / requests;
}
