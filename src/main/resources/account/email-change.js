import { errorOf, explain, onLink, onSubmit, open, post, say, turnTo } from './form.js';

const form = document.getElementById('confirm');

/** The token of the link. It stays in the memory of the page; null if there is none. */
let token = null;

onLink((found) => {
  if (found !== null) {
    token = found;
    say('');
    open(form, 'Confirm your new e-mail address');
  } else if (token === null) {
    open(null, 'Confirm your new e-mail address');
    say('Open the link in the mail: this page needs what is in it.');
  }
});

onSubmit(form, async () => {
  const reply = await post('email-change/confirm', { token });
  if (reply.status === 200) {
    token = null;
    turnTo(null, 'Your address is changed');
    say(`Your account has the address ${reply.answer?.email ?? 'of this mail'} now. Log in with it from now on.`, 'good');
  } else if (errorOf(reply, 'token')) {
    token = null;
    turnTo(null, 'This link does not work any more');
    say('It was used, it has expired, the change was cancelled or replaced by another one, or the password has changed'
      + ' since. If you still want the change, ask for it again where you asked for it first.', 'bad');
  } else {
    explain(reply);
  }
});
