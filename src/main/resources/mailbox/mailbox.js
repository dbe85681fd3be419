import { element } from '../docs/element.js';

const INTERVAL = 2_000;

const main = document.querySelector('main');
const state = document.getElementById('state');

/** The line with the state of each mail on the page, by the mail's id. */
const lines = new Map();

async function look() {
  try {
    const response = await fetch('mailbox', { headers: { Accept: 'application/json' }, cache: 'no-store' });
    if (!response.ok) {
      throw new Error(`The mailbox cannot be read: ${response.status}.`);
    }
    const { mails } = await response.json();
    mails.reverse().forEach(show);
    say(lines.size === 0 ? 'There is no mail yet.' : '');
  } catch (error) {
    say(error.name === 'TypeError' ? 'The service cannot be reached.' : error.message);
  }
  setTimeout(look, INTERVAL);
}

/** Leaves an unchanged text alone, because a screen reader reads every change aloud. */
function say(text) {
  if (state.textContent !== text) {
    state.textContent = text;
  }
}

function show(mail) {
  const text = `${mail.kind}, ${mail.state}, ${mail.created_at.slice(0, 19).replace('T', ' ')} UTC`;
  if (lines.has(mail.id)) {
    lines.get(mail.id).textContent = text;
    return;
  }
  const line = element('p', {}, text);
  lines.set(mail.id, line);
  main.prepend(element('article', {},
    element('h2', {}, mail.subject),
    element('p', {}, 'To ', element('bdi', {}, mail.to)),
    line,
    element('div', { class: 'parts' },
      element('pre', { tabindex: '0', 'aria-label': 'Text' }, ...withLinks(mail.text)),
      element('iframe', { sandbox: true, src: `mailbox/${mail.id}`, title: `HTML: ${mail.subject}`, loading: 'lazy' }))));
}

/** The text as nodes, in which links work. In the frame of the HTML, they do not. */
function withLinks(text) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 === 0
    ? part
    : element('a', { href: part, target: '_blank', rel: 'noreferrer' }, part)));
}

look();
