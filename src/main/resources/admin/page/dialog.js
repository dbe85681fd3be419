import { explain } from './text.js';

const dialog = document.getElementById('ask');
const form = dialog.querySelector('form');
const title = document.getElementById('ask-title');
const text = document.getElementById('ask-text');
const reason = document.getElementById('ask-reason');
const untilField = document.getElementById('ask-until-field');
const until = document.getElementById('ask-until');
const error = document.getElementById('ask-error');
const button = form.querySelector('button[type=submit]');

/** What happens with a reason, and then. */
let act = async () => {};
let then = () => {};
let isActing = false;

/**
 * Asks for a reason, then acts. If that fails, the dialog stays open with the error.
 *
 * @param question `{title, text, button, asksUntil}`
 * @param action gets `{reason, until}`; `until` is undefined if no time was given
 * @param done gets the result of the action, once the dialog has closed
 */
export function ask(question, action, done) {
  title.textContent = question.title;
  text.textContent = question.text;
  button.textContent = question.button;
  untilField.hidden = !question.asksUntil;
  error.textContent = '';
  act = action;
  then = done;
  dialog.showModal();
  reason.focus();
}

/** Closes the dialog, for example because the key is lost. */
export function closeDialog() {
  dialog.close();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isActing) {
    return;
  }
  isActing = true;
  error.textContent = '';
  button.setAttribute('aria-disabled', 'true');
  try {
    const done = then;
    const result = await act({
      reason: reason.value.trim(),
      until: until.value === '' ? undefined : `${until.value}:00Z`,
    });
    dialog.close();
    done(result);
  } catch (problem) {
    error.textContent = explain(problem);
  } finally {
    isActing = false;
    button.removeAttribute('aria-disabled');
  }
});
document.getElementById('ask-cancel').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => {
  reason.value = '';
  until.value = '';
});
