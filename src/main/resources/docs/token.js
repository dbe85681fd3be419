const panel = document.getElementById('token');
const status = panel.querySelector('[role=status]');
const button = panel.querySelector('button');
const dialog = document.getElementById('token-dialog');
const field = document.getElementById('token-value');

/** The token that the calls send, or null. It stays in the memory of the page. */
let token = null;

export function currentToken() {
  return token;
}

export function useToken(value, message) {
  token = value;
  status.textContent = message;
  button.textContent = 'Forget the token';
}

export function forgetToken(message) {
  token = null;
  status.textContent = message;
  button.textContent = 'Enter a token';
}

button.addEventListener('click', () => {
  if (token === null) {
    dialog.showModal();
  } else {
    forgetToken('No token.');
  }
});
document.getElementById('token-cancel').addEventListener('click', () => dialog.close());
dialog.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  useToken(field.value.trim(), 'Calls send the token that you entered.');
  dialog.close();
});
dialog.addEventListener('close', () => {
  field.value = '';
});
