import { element } from '../docs/element.js';

/** A time in UTC, to the minute; the title has all of it. A dash if it is null. */
export function time(text) {
  return text === null
    ? '–'
    : element('time', { datetime: text, title: text }, text.slice(0, 16).replace('T', '\u00a0'));
}

/** Text of somebody else. It cannot change the direction of what stands around it. */
export function foreign(text) {
  return element('bdi', {}, text);
}

/** Status of an account. The words say it, not only the colour. */
export function status({ status: value, disabled_until: until }) {
  return element('span', { class: `status ${value}` },
    value === 'disabled' && until !== null ? `disabled until ${until.slice(0, 16).replace('T', ' ')}` : value);
}

/** A number for people, with three significant digits. */
export function short(number) {
  if (number === null) {
    return '–';
  }
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(number);
}

/** What went wrong with a call, for people. */
export function explain(error) {
  if (error.name === 'TimeoutError') {
    return 'The service did not answer in time.';
  }
  return error.name === 'TypeError' ? 'The service cannot be reached.' : error.message;
}
