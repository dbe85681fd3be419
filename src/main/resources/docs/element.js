/**
 * Creates an element. An attribute that is null or false is left out, and so is a child that is null.
 * A child is a node or a text.
 */
export function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) {
      created.setAttribute(attribute, value === true ? '' : value);
    }
  }
  created.append(...children.filter((child) => child !== null));
  return created;
}

/** Something to open: a line, and the content below it. */
export function disclosure(line, ...content) {
  return element('details', {}, element('summary', {}, line), ...content);
}
