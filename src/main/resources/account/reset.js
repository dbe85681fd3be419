/** The longest time that a request waits for its answer. */
const PATIENCE = 15_000;

const heading = document.querySelector('h1');
const message = document.getElementById('message');
const setForm = document.getElementById('set');
const password = document.getElementById('password');
const show = document.getElementById('show');
const askForm = document.getElementById('ask');
const email = document.getElementById('email');

/** The token of the link. It stays in the memory of the page; null if there is none. */
let token = null;
let isSending = false;

/** Reads the link, then removes the token from the address bar, where others might see or copy it. */
function begin() {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (location.hash !== '') {
    history.replaceState(null, '', location.pathname + location.search);
  }
  if (found !== null) {
    token = found;
    say('');
    open(setForm, 'Set a new password');
    password.focus();
  } else if (token === null) {
    open(askForm, 'Ask for a new password');
    email.focus();
  }
}

async function setPassword() {
  const { status, problem } = await post('password-reset/confirm', { token, password: password.value });
  if (status === 204) {
    forget();
    open(null, 'Your password is set');
    heading.focus();
    say('All sessions have ended. Log in with the new password.', 'good');
  } else if (errorOf(problem, 'token') !== undefined) {
    forget();
    open(askForm, 'Ask for a new link');
    heading.focus();
    say('This link does not work any more: it was used, it has expired, you have requested a newer one, or your'
      + ' password or address has changed. Ask for a new link.', 'bad');
  } else {
    explain(status, problem, password, 'The password');
  }
}

async function askForLink() {
  const { status, problem } = await post('password-reset', { email: email.value.trim() });
  if (status === 202) {
    say(`If an account has the address ${email.value.trim()}, a mail is on its way. Open the link in it soon, and look`
      + ' in the spam folder too. Each mail replaces the earlier ones.', 'good');
  } else {
    explain(status, problem, email, 'The address');
  }
}

/** Posts to the API. The status is null if no answer came. */
async function post(path, body) {
  try {
    const response = await fetch(`../api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: response.status, problem: response.ok ? null : await response.json().catch(() => null) };
  } catch {
    return { status: null, problem: null };
  }
}

/** Says why a request failed: beside the field if its value is the reason, otherwise above the form. */
function explain(status, problem, field, name) {
  const error = errorOf(problem, field.id);
  if (error !== undefined) {
    field.setAttribute('aria-invalid', 'true');
    document.getElementById(`${field.id}-error`).textContent = `${name} ${error}.`;
    field.focus();
  } else if (status === null) {
    say('No answer came. Check your connection, and try again.', 'bad');
  } else if (status === 503) {
    say('The service cannot do this at the moment. Try again soon.', 'bad');
  } else {
    say(problem?.detail ?? `Something went wrong (status ${status}). Try again later.`, 'bad');
  }
}

/** What is wrong with a member of the request; undefined if nothing is. */
function errorOf(problem, member) {
  return problem?.errors?.find(({ field }) => field === member)?.message;
}

/** Shows one of the forms, or none. */
function open(form, title) {
  setForm.hidden = form !== setForm;
  askForm.hidden = form !== askForm;
  heading.textContent = title;
  document.title = title;
}

function say(text, tone = '') {
  message.textContent = text;
  message.className = tone;
}

function forget() {
  token = null;
  password.value = '';
}

function reveal(isShown) {
  password.type = isShown ? 'text' : 'password';
  show.setAttribute('aria-pressed', String(isShown));
}

/** Sends a form when it is submitted, unless a request is under way. */
function onSubmit(form, send) {
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

onSubmit(setForm, () => {
  reveal(false); // browsers offer to save only what is a password
  return setPassword();
});
onSubmit(askForm, askForLink);
show.addEventListener('click', () => reveal(password.type === 'password'));
addEventListener('hashchange', begin); // another link was opened in this tab
begin();
