// What the pages share: the token of the link, requests, and what a page says.

/** The longest time that a request waits for its answer. */
const PATIENCE = 15_000;

const heading = document.querySelector('h1');
const message = document.getElementById('message');
let isSending = false;

/**
 * Reads the token of the link, now and whenever another link is opened in this tab. Removes it from the address bar,
 * where others might see or copy it.
 *
 * @param begin gets the token; null if there is none
 */
export function onLink(begin) {
  const read = () => {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (location.hash !== '') {
      history.replaceState(null, '', location.pathname + location.search);
    }
    begin(token);
  };
  addEventListener('hashchange', read);
  read();
}

/** Posts to the API. The status is null if no answer came; the answer is null if it is not JSON. */
export async function post(path, body) {
  try {
    const response = await fetch(`../api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: response.status, answer: await response.json().catch(() => null) };
  } catch {
    return { status: null, answer: null };
  }
}

/** What is wrong with a member of the request; undefined if nothing is. */
export function errorOf({ answer }, member) {
  return answer?.errors?.find(({ field }) => field === member)?.message;
}

/** Says why a request failed: beside the field if its value is the reason, otherwise above the form. */
export function explain(reply, field, name) {
  const error = field && errorOf(reply, field.id);
  if (error) {
    refuse(field, `${name} ${error}.`);
  } else if (reply.status === null) {
    say('No answer came. Check your connection, and try again.', 'bad');
  } else if (reply.status === 503) {
    say('The service cannot do this at the moment. Try again soon.', 'bad');
  } else {
    say(reply.answer?.detail ?? `Something went wrong (status ${reply.status}). Try again later.`, 'bad');
  }
}

/** Says beside a field what is wrong with its value. */
export function refuse(field, text) {
  field.setAttribute('aria-invalid', 'true');
  document.getElementById(`${field.id}-error`).textContent = text;
  field.focus();
}

/** Shows one of the forms, or none if it is null. */
export function open(form, title) {
  for (const other of document.forms) {
    other.hidden = other !== form;
  }
  heading.textContent = title;
  document.title = title;
}

/** Shows one of the forms, or none, and moves the focus to the heading: the rest of the page is new. */
export function turnTo(form, title) {
  open(form, title);
  heading.focus();
}

export function say(text, tone = '') {
  message.textContent = text;
  message.className = tone;
}

/** Sends a form when it is submitted, unless a request is under way. */
export function onSubmit(form, send) {
  const button = form.querySelector('[type=submit]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    isSending = true;
    say('');
    for (const field of form.querySelectorAll('input')) {
      field.removeAttribute('aria-invalid');
      document.getElementById(`${field.id}-error`).textContent = '';
    }
    button.setAttribute('aria-disabled', 'true');
    try {
      await send();
    } finally {
      isSending = false;
      button.removeAttribute('aria-disabled');
    }
  });
}
