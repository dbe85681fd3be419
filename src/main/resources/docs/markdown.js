import { marked } from './marked.js';
import { element } from './element.js';

/** Renders Markdown of the contract. The contract is part of the service, so its text is trusted. */
export function block(text) {
  const rendered = element('div', { class: 'prose' });
  rendered.innerHTML = marked.parse(text);
  return rendered;
}

/** Renders a short text, without paragraphs. */
export function inline(text) {
  const rendered = element('span');
  rendered.innerHTML = marked.parseInline(text.trim());
  return rendered;
}
