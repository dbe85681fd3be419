import { errorOf, explain, onLink, onSubmit, open, post, say, turnTo } from './form.js';

const setForm = document.getElementById('set');
const password = document.getElementById('password');
const show = document.getElementById('show');
const askForm = document.getElementById('ask');
const email = document.getElementById('email');

/** The token of the link. It stays in the memory of the page; null if there is none. */
let token = null;

onLink((found) => {
  if (found !== null) {
    token = found;
    say('');
    open(setForm, 'Set a new password');
    password.focus();
  } else if (token === null) {
    open(askForm, 'Ask for a new password');
    email.focus();
  }
});

onSubmit(setForm, async () => {
  reveal(false); // browsers offer to save only what is a password
  const reply = await post('password-reset/confirm', { token, password: password.value });
  if (reply.status === 204) {
    forget();
    turnTo(null, 'Your password is set');
    say('All sessions have ended. Log in with the new password.', 'good');
  } else if (errorOf(reply, 'token')) {
    forget();
    turnTo(askForm, 'Ask for a new link');
    say('This link does not work any more: it was used, it has expired, you have requested a newer one, or your'
      + ' password or address has changed. Ask for a new link.', 'bad');
  } else {
    explain(reply, password, 'The password');
  }
});

onSubmit(askForm, async () => {
  const address = email.value.trim();
  const reply = await post('password-reset', { email: address });
  if (reply.status === 202) {
    say(`If an account has the address ${address}, a mail is on its way. Open the link in it soon, and look`
      + ' in the spam folder too. Each mail replaces the earlier ones.', 'good');
  } else {
    explain(reply, email, 'The address');
  }
});

show.addEventListener('click', () => reveal(password.type === 'password'));

function forget() {
  token = null;
  password.value = '';
}

function reveal(isShown) {
  password.type = isShown ? 'text' : 'password';
  show.setAttribute('aria-pressed', String(isShown));
}
