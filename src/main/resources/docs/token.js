const panel = document.getElementById('token');
const status = panel.querySelector('[role=status]');
const button = panel.querySelector('button');
const dialog = document.getElementById('token-dialog');
const field = document.getElementById('token-value');

/** The token that the calls send, or null. It stays in the memory of the page. */
let token = null;

/** What the contract calls its tokens. */
let name = 'token';

/** Calls tokens as the contract does. */
export function nameTokens(text) {
  name = text;
  const begin = text[0].toUpperCase() + text.slice(1);
  panel.setAttribute('aria-label', begin);
  dialog.querySelector('h2').textContent = `Enter your ${text}`;
  dialog.querySelector('label').textContent = begin;
  dialog.querySelector('.send').textContent = `Use the ${text}`;
  forgetToken(`No ${text} yet.`);
}

export function tokenName() {
  return name;
}

export function currentToken() {
  return token;
}

export function useToken(value, message) {
  token = value;
  status.textContent = message;
  button.textContent = `Forget the ${name}`;
}

export function forgetToken(message) {
  token = null;
  status.textContent = message;
  button.textContent = `Enter your ${name}`;
}

button.addEventListener('click', () => {
  if (token === null) {
    dialog.showModal();
  } else {
    forgetToken(`No ${name}.`);
  }
});
document.getElementById('token-cancel').addEventListener('click', () => dialog.close());
dialog.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  useToken(field.value.trim(), `Calls send the ${name} that you entered.`);
  dialog.close();
});
dialog.addEventListener('close', () => {
  field.value = '';
});
