import { disclosure, element } from '../docs/element.js';
import { call } from './api.js';
import { ask } from './dialog.js';
import { explain, foreign, status, time } from './text.js';

const EVENTS = 20;
const BY_OPERATOR = 'by_operator';

const section = document.getElementById('person');

/** What the page shows about one person, and does to them. */
export class Person {
  #id;
  #user = null;
  #onClose;
  #onError;
  #onDone;
  #title = element('h2', { id: 'person-name', tabindex: '-1' });
  #summary = element('p', { class: 'email' });
  #details = element('dl', { class: 'details' });
  #disable = button('');
  #logOut = button('Log out everywhere …');
  #sessions = element('div');
  #sessionsTitle = element('h3', { tabindex: '-1' }, 'Sessions');
  #history = element('div');

  /** `onClose` is called to go back, `onError` with errors, and `onDone` with a sentence after an action. */
  constructor(id, { onClose, onError, onDone }) {
    this.#id = id;
    this.#onClose = onClose;
    this.#onError = onError;
    this.#onDone = onDone;
    const back = button('Back to the list');
    back.addEventListener('click', () => this.#onClose());
    this.#disable.addEventListener('click', () => this.#askForStatus());
    this.#logOut.addEventListener('click', () => this.#askForLogout());
    section.replaceChildren(
      back,
      this.#title,
      this.#summary,
      element('div', { class: 'actions' }, this.#disable, this.#logOut),
      this.#details,
      this.#sessionsTitle, this.#sessions,
      element('h3', {}, 'History'), this.#history);
    section.hidden = true;
  }

  /** Reads the person, and shows them, unless the page shows something else by then. */
  async open() {
    this.#show(await call('GET', `users/${this.#id}`));
    if (section.contains(this.#title)) {
      section.hidden = false;
      this.#title.focus();
      this.#showSessions();
      this.#showHistory();
    }
  }

  /** Forgets the person. */
  static clear() {
    section.replaceChildren();
    section.hidden = true;
  }

  #show(user) {
    this.#user = user;
    this.#title.replaceChildren(foreign(user.name), ' ', status(user));
    this.#summary.replaceChildren(foreign(user.email));
    this.#disable.textContent = user.status === 'disabled' ? 'Enable …' : 'Disable …';
    const rows = [
      ['Id', element('code', {}, user.id)],
      ['Address', user.email_verified ? 'proven' : 'not proven'],
      user.pending_email === null ? null : ['New address, not proven yet', foreign(user.pending_email)],
      ['Role', user.role],
      ['Created', time(user.created_at)],
      ['Changed', time(user.updated_at)],
      ['Last login', time(user.last_login_at)],
      ['Version', String(user.version)],
      user.password_reset_required ? ['Password', 'must be set anew before the next login'] : null,
      user.status === 'disabled' ? ['Disabled because', foreign(user.disabled_reason ?? '–')] : null,
      json('Profile', user.profile),
      json('Metadata', user.metadata),
    ];
    this.#details.replaceChildren(...rows.filter((row) => row !== null).map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  }

  #askForStatus() {
    const name = this.#user.name;
    const enables = this.#user.status === 'disabled';
    ask(enables
      ? { title: 'Enable', text: `${name} can log in again at once.`, button: 'Enable' }
      : {
        title: 'Disable',
        text: `${name} is logged out everywhere, and cannot log in.`,
        button: 'Disable',
        asksUntil: true,
      },
    ({ reason, until }) => enables
      ? call('POST', `users/${this.#id}/enable`, { reason })
      : call('POST', `users/${this.#id}/disable`, { reason, body: { until } }),
    (user) => this.#done(user, `${name} is ${enables ? 'enabled' : 'disabled'}.`));
  }

  #askForLogout() {
    const name = this.#user.name;
    ask({
      title: 'Log out everywhere',
      text: `All sessions of ${name} end. The next login works.`,
      button: 'Log out everywhere',
    },
    ({ reason }) => call('DELETE', `users/${this.#id}/sessions`, { reason }),
    () => this.#done(this.#user, `${name} is logged out everywhere.`));
  }

  #askForEnd(session) {
    ask({
      title: 'End a session',
      text: `The session of ${session.ip ?? 'an unknown address'} ends. The others go on.`,
      button: 'End the session',
    },
    ({ reason }) => call('DELETE', `users/${this.#id}/sessions/${session.id}`, { reason }),
    () => {
      this.#sessionsTitle.focus(); // its row goes, with the button that had the focus
      this.#done(this.#user, 'The session has ended.');
    });
  }

  /** Says what was done, and shows what has changed. */
  #done(user, text) {
    this.#show(user);
    this.#onDone(text);
    this.#showSessions();
    this.#showHistory();
  }

  async #showSessions() {
    await this.#fill(this.#sessions, async () => {
      const { sessions } = await call('GET', `users/${this.#id}/sessions`);
      return sessions.length === 0
        ? [element('p', {}, 'This person has no open sessions.')]
        : [this.#sessionTable(sessions)];
    });
  }

  #sessionTable(sessions) {
    return table('Sessions', ['Last used', 'From', 'Until', ''], sessions.map((session) => {
      const end = button('End …');
      end.setAttribute('aria-label', `End the session of ${session.ip ?? 'an unknown address'}`);
      end.addEventListener('click', () => this.#askForEnd(session));
      return [time(session.last_used_at), origin(session), time(session.expires_at), end];
    }));
  }

  async #showHistory() {
    await this.#fill(this.#history, async () => {
      const page = await this.#events(null);
      if (page.events.length === 0) {
        return [element('p', {}, 'The audit trail has nothing about this person.')];
      }
      const rows = page.events.map((event) => this.#event(event));
      return [table('History', ['When', 'What', 'Who', 'Reason', 'From'], rows), this.#older(page)];
    });
  }

  #events(cursor) {
    const parameters = new URLSearchParams({ target: this.#id, limit: EVENTS, ...(cursor !== null && { cursor }) });
    return call('GET', `audit?${parameters}`);
  }

  /** A button for older events, or null if there are none. */
  #older({ next_cursor: first }) {
    if (first === null) {
      return null;
    }
    let cursor = first;
    const older = button('Show older');
    older.addEventListener('click', async () => {
      try {
        const page = await this.#events(cursor);
        const rows = page.events.map((event) => row(this.#event(event)));
        this.#history.querySelector('tbody').append(...rows);
        cursor = page.next_cursor;
        if (cursor === null) {
          rows[0]?.setAttribute('tabindex', '-1');
          rows[0]?.focus();
          older.remove();
        }
      } catch (error) {
        this.#onError(error);
      }
    });
    return older;
  }

  #event(event) {
    return [
      time(event.occurred_at),
      element('span', {}, event.type.replaceAll('_', ' '), isTold(event.details) ? hint(event.details) : null),
      this.#who(event),
      foreign(event.reason ?? '–'),
      origin(event),
    ];
  }

  #who(event) {
    if (event.key_id) {
      return element('span', {}, event.actor ? foreign(event.actor) : null, hint(`key ${event.key_id}`));
    }
    if (event.actor_id === this.#id) {
      return 'the person';
    }
    if (event.details?.split(',')[0] === BY_OPERATOR) {
      return 'an operator at a shell';
    }
    return event.actor_id === null ? '–' : element('code', {}, event.actor_id);
  }

  /** Fills a part. If that fails, the part says why, and the others stay. */
  async #fill(part, load) {
    try {
      part.replaceChildren(...(await load()).filter((child) => child !== null));
    } catch (error) {
      part.replaceChildren(element('p', { class: 'bad' }, explain(error)));
    }
  }
}

/** Where a request came from: the address, and what the program says of itself. */
function origin({ ip, user_agent: program }) {
  return element('span', {}, ip ?? '–', program ? hint(program) : null);
}

/** Whether the details of an event say more than its other members. */
function isTold(details) {
  return details !== null && details !== BY_OPERATOR;
}

/** Less important text below another. */
function hint(text) {
  return element('span', { class: 'hint' }, ' ', foreign(text));
}

function button(text) {
  return element('button', { type: 'button' }, text);
}

/** A JSON object with members, to open; null if it is empty. */
function json(name, value) {
  const { length } = Object.keys(value ?? {});
  if (length === 0) {
    return null;
  }
  const text = element('pre', { tabindex: '0', role: 'group', 'aria-label': name }, JSON.stringify(value, null, 2));
  return [name, disclosure(length === 1 ? '1 member' : `${length} members`, text)];
}

/** A table that the keyboard can scroll where it is wider than the screen. */
function table(caption, titles, rows) {
  const name = caption.toLowerCase();
  return element('div', { class: `scroll ${name}`, tabindex: '0', role: 'group', 'aria-label': caption },
    element('table', {},
      element('caption', { class: 'unseen' }, caption),
      element('thead', {}, element('tr', {}, ...titles.map((title) => title === ''
        ? element('td') : element('th', { scope: 'col' }, title)))),
      element('tbody', {}, ...rows.map(row))));
}

function row(cells) {
  return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));
}
