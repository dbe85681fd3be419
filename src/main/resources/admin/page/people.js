import { element } from '../docs/element.js';
import { call } from './api.js';
import { foreign, status, time } from './text.js';

const PAGE = 25;

const section = document.getElementById('people');
const form = section.querySelector('form');
const count = document.getElementById('people-count');
const table = section.querySelector('table');
const rows = table.tBodies[0];
const more = document.getElementById('people-more');

/** The search for people. `onOpen` gets a person's id, and `onError` gets errors. */
export class People {
  #onOpen;
  #onError;
  #filters = new URLSearchParams();
  #cursor = null;
  /** Counts the searches: the answer to an older one is dropped. */
  #search = 0;

  constructor(onOpen, onError) {
    this.#onOpen = onOpen;
    this.#onError = onError;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.find();
    });
    more.addEventListener('click', () => this.#showMore());
  }

  /** Finds the first people who match the form. */
  async find() {
    const search = ++this.#search;
    this.#filters = new URLSearchParams([...form.elements]
      .filter(({ id, value }) => id !== '' && value.trim() !== '')
      .map(({ id, value }) => [id.replace('people-', ''), value.trim()]));
    count.textContent = 'Searching …';
    try {
      const [page, total] = await Promise.all([this.#page(null), call('GET', `users/count?${this.#filters}`)]);
      if (search === this.#search) {
        rows.replaceChildren();
        this.#append(page);
        count.textContent = totalText(total);
      }
    } catch (error) {
      if (search === this.#search) {
        this.clear();
        this.#onError(error);
      }
    }
  }

  /** Moves the focus to a person in the list, or to its title if they are not in it any more. */
  focus(id) {
    (rows.querySelector(`[data-id="${CSS.escape(id)}"]`) ?? document.getElementById('people-title')).focus();
  }

  /** Forgets who was found. */
  clear() {
    this.#search++;
    rows.replaceChildren();
    count.textContent = '';
    table.hidden = true;
    more.hidden = true;
  }

  async #showMore() {
    const search = this.#search;
    try {
      const page = await this.#page(this.#cursor);
      if (search === this.#search) {
        const first = this.#append(page);
        if (more.hidden) {
          first?.focus();
        }
      }
    } catch (error) {
      this.#onError(error);
    }
  }

  #page(cursor) {
    const parameters = new URLSearchParams(this.#filters);
    parameters.set('limit', PAGE);
    if (cursor !== null) {
      parameters.set('cursor', cursor);
    }
    return call('GET', `users?${parameters}`);
  }

  /** Adds a page to the table. Returns the first new button. */
  #append({ users, next_cursor: cursor }) {
    const added = users.map((user) => this.#row(user));
    rows.append(...added);
    table.hidden = rows.rows.length === 0;
    this.#cursor = cursor;
    more.hidden = cursor === null;
    return added[0]?.querySelector('button');
  }

  #row(user) {
    const button = element('button', { type: 'button', class: 'open', 'data-id': user.id }, foreign(user.name));
    button.addEventListener('click', () => this.#onOpen(user.id));
    return element('tr', {},
      element('th', { scope: 'row' }, button, element('span', { class: 'email' }, foreign(user.email))),
      element('td', {}, status(user)),
      element('td', { class: 'wide' }, user.role),
      element('td', { class: 'wide' }, time(user.last_login_at)),
      element('td', { class: 'wide' }, time(user.created_at)));
  }
}

function totalText({ count: number, exact }) {
  const text = new Intl.NumberFormat('en').format(number);
  if (number === 0 && exact) {
    return 'Nobody matches.';
  }
  return `${exact ? '' : 'About '}${text} ${number === 1 ? 'person matches' : 'people match'}.`;
}
