import { errorOf, explain, onLink, onSubmit, open, post, say, turnTo } from './form.js';

const form = document.getElementById('revert');

/** The token of the link. It stays in the memory of the page; null if there is none. */
let token = null;

onLink((found) => {
  if (found !== null) {
    token = found;
    say('');
    open(form, 'Keep your e-mail address');
  } else if (token === null) {
    open(null, 'Keep your e-mail address');
    say('Open the link in the mail: this page needs what is in it.');
  }
});

onSubmit(form, async () => {
  const reply = await post('email-change/revert', { token });
  if (reply.status === 204) {
    token = null;
    turnTo(null, 'You keep your address');
    say('Your account has the address of this mail. All sessions have ended. A mail to set a new password is on its way:'
      + ' open the link in it soon.', 'good');
  } else if (errorOf(reply, 'token')) {
    token = null;
    turnTo(null, 'This link does not work any more');
    say('It was used, it has expired, or an earlier link or the operator has set the address since. If somebody else'
      + ' has access to your account, contact the operator of the service at once.', 'bad');
  } else {
    explain(reply);
  }
});
