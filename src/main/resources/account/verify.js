import { errorOf, explain, onLink, onSubmit, open, post, refuse, say, turnTo } from './form.js';

const confirmForm = document.getElementById('confirm');
const registration = document.getElementById('registration');
const password = document.getElementById('password');
const askForm = document.getElementById('ask');
const email = document.getElementById('email');

/** The token of the link. It stays in the memory of the page; null if there is none. */
let token = null;

onLink((found) => {
  if (found !== null) {
    forget();
    token = found;
    say('');
    open(confirmForm, 'Confirm your e-mail address');
  } else if (token === null) {
    open(askForm, 'Ask for a mail to confirm your address');
    email.focus();
  }
});

onSubmit(confirmForm, async () => {
  const isRegistration = !registration.hidden;
  const reply = await post('verification/confirm', isRegistration ? { token, password: password.value } : { token });
  if (reply.status === 201) {
    forget();
    turnTo(null, 'You have an account');
    say('Your address is confirmed. Log in with it and your password.', 'good');
  } else if (reply.status === 204) {
    forget();
    turnTo(null, 'Your address is confirmed');
    say('You can close this page. If your app asks for it, log in again.', 'good');
  } else if (errorOf(reply, 'token')) {
    forget();
    turnTo(askForm, 'Ask for a new mail');
    say('This link does not work any more: it was used, it has expired, or a newer mail has replaced it. If you have'
      + ' confirmed the address already, log in. Otherwise ask for a new mail.', 'bad');
  } else if (errorOf(reply, 'password') && !isRegistration) {
    askForPassword();
  } else if (reply.status === 401) {
    refuse(password, reply.answer?.detail ?? 'The password is wrong.');
  } else {
    explain(reply, password, 'The password');
  }
});

onSubmit(askForm, async () => {
  const address = email.value.trim();
  const reply = await post('verification', { email: address });
  if (reply.status === 202) {
    say(`If the address ${address} waits for its confirmation, a mail is on its way. Look in the spam folder too. Each`
      + ' mail replaces the earlier ones.', 'good');
  } else {
    explain(reply, email, 'The address');
  }
});

/** The link is for a registration: only whoever knows its password may confirm it. */
function askForPassword() {
  registration.hidden = false;
  password.required = true;
  password.focus();
}

function forget() {
  token = null;
  registration.hidden = true;
  password.required = false;
  password.value = '';
}
