import { Contract } from './contract.js';
import { element } from './element.js';
import { block } from './markdown.js';
import { Operation } from './operation.js';
import { Schemas } from './schema.js';
import { nameTokens } from './token.js';

const main = document.querySelector('main');

try {
  // Beside the page: a proxy may serve both on a sub-path.
  render(await Contract.load(new URL('openapi.json', document.baseURI).href));
} catch (error) {
  main.append(element('p', { role: 'alert' }, `The contract cannot be shown: ${error.message}`));
  throw error;
}

/** Shows the introduction, then the calls, then the chapters of the description. */
function render(contract) {
  const { title, version, description } = contract.info;
  document.title = `${title} API`;
  document.getElementById('title').textContent = document.title;
  document.getElementById('version').textContent = version;
  nameTokens(contract.tokenName);

  const schemas = new Schemas(contract);
  const operations = new Map();
  const fill = (links) => links.forEach((link) => operations.get(link.operation).fill(link.parameters, link.body));
  const chapters = description.search(/^## /m);
  main.append(block(description.slice(0, chapters)));
  contract.tags.forEach((tag) => {
    const section = element('section', {}, element('h2', {}, tag.name), block(tag.description ?? ''));
    for (const operation of tag.operations) {
      const view = new Operation(operation, schemas, fill);
      section.append(view.render(operations.size === 0));
      operations.set(operation.id, view);
    }
    main.append(section);
  });
  main.append(block(description.slice(chapters)));
  document.querySelector('footer').hidden = false;
  document.querySelector('nav').append(...contract.tags.map(contents));
  openTarget();
  addEventListener('hashchange', openTarget);
}

function contents(tag) {
  return element('div', {}, element('strong', {}, tag.name), element('ul', {}, ...tag.operations.map((operation) =>
    element('li', {}, element('a', { href: `#${operation.id}` }, operation.summary)))));
}

/** Opens the operation that the address names. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches('.operation')) {
    target.open = true;
    target.scrollIntoView();
    target.querySelector('summary').focus({ preventScroll: true });
  }
}
