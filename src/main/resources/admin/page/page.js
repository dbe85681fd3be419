import { call, forgetKey, onKeyLost, useKey } from './api.js';
import { closeDialog } from './dialog.js';
import { watchNode } from './node.js';
import { People } from './people.js';
import { Person } from './person.js';
import { explain } from './text.js';

const message = document.getElementById('message');
const signIn = document.getElementById('sign-in');
const keyField = document.getElementById('sign-in-key');
const actorField = document.getElementById('sign-in-actor');
const keyPanel = document.getElementById('key');
const peopleSection = document.getElementById('people');

const people = new People(open, fail);
let isSigningIn = false;

signIn.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isSigningIn) {
    return;
  }
  isSigningIn = true;
  const key = keyField.value.trim();
  useKey(key, actorField.value.trim());
  say('Signing in …');
  try {
    await tryKey();
    keyField.value = '';
    keyPanel.querySelector('p').textContent = signedInText(key);
    say('');
    show({ signedIn: true });
    document.getElementById('people-q').focus();
    await people.find();
  } catch (error) {
    signOut(explain(error), 'bad');
  } finally {
    isSigningIn = false;
  }
});

document.getElementById('forget').addEventListener('click', () => signOut('The key is forgotten.'));

onKeyLost((problem) => signOut(explain(problem), 'bad'));
watchNode();

/** A key may lack the scope for this call, and still have others. */
async function tryKey() {
  try {
    await call('GET', 'users?limit=1');
  } catch (error) {
    if (error.status !== 403 || !error.type.endsWith(':insufficient-scope')) {
      throw error;
    }
  }
}

/** The id of a key is no secret. */
function signedInText(key) {
  const actor = actorField.value.trim();
  return `Key ${key.slice(3, 15)}${actor === '' ? '' : `, as ${actor}`}`;
}

/** Shows a person. Going back leads to them in the list. */
async function open(id) {
  say('');
  const person = new Person(id, {
    onClose: () => {
      Person.clear();
      say('');
      peopleSection.hidden = false;
      people.focus(id);
    },
    onError: fail,
    onDone: (text) => {
      say(text, 'good');
      people.find();
    },
  });
  try {
    await person.open();
    peopleSection.hidden = true;
  } catch (error) {
    fail(error);
  }
}

/** Says what went wrong. A lost key is said elsewhere. */
function fail(error) {
  if (error.status !== 401) {
    say(explain(error), 'bad');
  }
}

/** Forgets the key, and all that it has shown. */
function signOut(text, tone) {
  forgetKey();
  closeDialog();
  people.clear();
  Person.clear();
  keyPanel.querySelector('p').textContent = '';
  show({ signedIn: false });
  say(text, tone);
  keyField.focus();
}

function show({ signedIn }) {
  signIn.hidden = signedIn;
  keyPanel.hidden = !signedIn;
  peopleSection.hidden = !signedIn;
}

function say(text, tone = '') {
  message.textContent = text;
  message.className = tone;
}
