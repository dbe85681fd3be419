import { disclosure, element } from './element.js';
import { follow } from './contract.js';
import { block, inline } from './markdown.js';
import { currentToken, forgetToken, tokenName, useToken } from './token.js';

/** An operation of the contract: its description, a form that sends it, and the answer. */
export class Operation {
  #operation;
  #schemas;
  #onLinks;
  #fields = new Map();
  #body = null;
  #isSending = false;
  #answer = element('section', { class: 'answer', hidden: true });
  #status = element('p', { role: 'status' });

  /** Calls `onLinks` with what an answer gives to other operations. */
  constructor(operation, schemas, onLinks) {
    this.#operation = operation;
    this.#schemas = schemas;
    this.#onLinks = onLinks;
  }

  render(isOpen) {
    const { id, method, path, summary, description, scope, body, responses } = this.#operation;
    this.#answer.setAttribute('aria-label', `Answer to ${summary}`);
    return element('details', { id, class: 'operation', open: isOpen },
      element('summary', {}, element('h3', {},
        element('span', { class: `method ${method.toLowerCase()}` }, method),
        element('span', {}, summary),
        element('code', {}, path))),
      block(description),
      scope && element('p', {}, 'Scope: ', element('code', {}, scope)),
      this.#form(),
      this.#status,
      this.#answer,
      body && disclosure('Members of the body', this.#schemas.members(body.schema)),
      disclosure('Responses', ...responses.map((response) => this.#response(response))));
  }

  /** Fills in what another operation's answer knows. */
  fill(parameters, body) {
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) {
        this.#fields.get(name).value = value;
      }
    }
    if (body !== null) {
      this.#body.value = written(body, this.#operation.body.type);
    }
  }

  #form() {
    const { parameters, body, summary } = this.#operation;
    const isOptionalHeader = (parameter) => parameter.in === 'header' && !parameter.required;
    const headers = parameters.filter(isOptionalHeader);
    const form = element('form', {},
      ...parameters.filter((parameter) => !isOptionalHeader(parameter)).map((parameter) => this.#field(parameter)),
      body && this.#bodyField(body),
      headers.length > 0
        ? disclosure('Optional headers', ...headers.map((parameter) => this.#field(parameter)))
        : null,
      element('button', { type: 'submit', class: 'send' }, summary));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    return form;
  }

  #field(parameter) {
    const { name, required, description, schema, example } = parameter;
    const id = `${this.#operation.id}-${name}`;
    const values = this.#schemas.values(schema);
    const control = values
      ? element('select', { id }, element('option', { value: '' }, 'not sent'),
        ...values.map((value) => element('option', {}, value)))
      : element('input', { id, autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none' });
    control.required = required === true;
    control.setAttribute('aria-describedby', `${id}-hint`);
    this.#fields.set(name, control);
    const facts = this.#schemas.facts(schema) + (example && !required ? `, for example ${example}` : '');
    return element('div', { class: 'field' },
      element('label', { for: id }, element('code', {}, name), required ? ' (required)' : null),
      control,
      element('p', { id: `${id}-hint`, class: 'hint' }, inline(description), ` (${facts})`));
  }

  #bodyField({ type, examples }) {
    const id = `${this.#operation.id}-body`;
    const text = (example) => written(example.value, type);
    const [first = { value: {} }] = examples;
    this.#body = element('textarea', {
      id, rows: text(first).split('\n').length, autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none',
    });
    this.#body.value = text(first);
    return element('div', { class: 'field' },
      examples.length > 1 ? this.#exampleField(examples, text) : null,
      element('label', { for: id }, 'Body ', element('code', {}, type)),
      this.#body);
  }

  #exampleField(examples, text) {
    const id = `${this.#operation.id}-example`;
    const select = element('select', { id },
      ...examples.map((example, index) => element('option', { value: index }, example.summary)));
    select.addEventListener('change', () => {
      this.#body.value = text(examples[select.value]);
    });
    return element('div', { class: 'field' }, element('label', { for: id }, 'Example'), select);
  }

  async #send() {
    if (this.#isSending) {
      return;
    }
    this.#isSending = true;
    this.#status.textContent = 'Sending …';
    const request = this.#request();
    const begin = performance.now();
    try {
      const response = await fetch(request.url, request);
      const text = await response.text();
      const time = Math.round(performance.now() - begin);
      this.#show(request, response, text);
      this.#learn(request, response, parsed(text));
      this.#status.textContent = `${response.status} ${response.statusText} after ${time} ms`;
    } catch (error) {
      this.#answer.hidden = true;
      this.#status.textContent = `The call failed: ${error.message}`;
    } finally {
      this.#isSending = false;
    }
  }

  #request() {
    const { method, url, needsToken, body } = this.#operation;
    const path = this.#values('path');
    const query = new URLSearchParams(this.#values('query'));
    const headers = this.#values('header');
    if (needsToken && currentToken() !== null) {
      headers.Authorization = `Bearer ${currentToken()}`;
    }
    if (body) {
      headers['Content-Type'] = body.type;
    }
    return {
      method,
      url: url.replace(/{(\w+)}/g, (braces, name) => encodeURIComponent(path[name]))
        + (query.size > 0 ? `?${query}` : ''),
      path,
      headers,
      body: body ? this.#body.value : undefined,
      credentials: 'omit',
      cache: 'no-store',
    };
  }

  /** The parameters in one place of the request that have a value. */
  #values(place) {
    return Object.fromEntries(this.#operation.parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name }) => [name, this.#fields.get(name).value])
      .filter(([, value]) => value !== ''));
  }

  #show(request, response, text) {
    const value = parsed(text);
    const body = value === undefined ? text : JSON.stringify(value, null, 2);
    const headers = [...response.headers].map(([name, content]) => `${name}: ${content}`).join('\n');
    this.#answer.replaceChildren(
      body ? code(body, 'Body of the answer') : element('p', {}, 'The answer has no body.'),
      disclosure('Headers of the answer', code(headers, 'Headers')),
      disclosure('The same call with curl', code(curl(request), 'Command')));
    this.#answer.hidden = false;
  }

  /** Takes the token and the values for other operations from the answer. */
  #learn(request, response, value) {
    // A late answer must not forget a newer token.
    const isCurrent = request.headers.Authorization === `Bearer ${currentToken()}`;
    if (response.status === 401 && isCurrent) {
      forgetToken(`The ${tokenName()} is not valid any more.`);
    }
    if (!response.ok) {
      return;
    }
    if (this.#operation.endsToken && isCurrent) {
      forgetToken('Logged out.');
    }
    if (value?.access_token) {
      useToken(value.access_token, value.user ? `Logged in as ${value.user.name}.` : 'Calls send the new token.');
    }
    const described = this.#operation.responses.find(({ status }) => status === String(response.status));
    this.#onLinks(follow(described?.links ?? [], {
      request: { path: request.path, body: parsed(request.body ?? '') },
      response: { body: value, headers: response.headers },
    }));
  }

  #response({ status, description, headers, content }) {
    const members = content && this.#schemas.members(content.schema);
    return disclosure(element('span', {}, element('strong', {}, status), ' ', inline(description)),
      element('h4', {}, 'Headers'),
      element('dl', {}, ...headers.flatMap((header) => [
        element('dt', {}, element('code', {}, header.name), ` ${this.#schemas.facts(header.schema)}`),
        element('dd', {}, inline(header.description)),
      ])),
      members && element('h4', {}, 'Body ', element('code', {}, content.type)),
      members,
      ...(content?.examples ?? []).flatMap((example) => [
        element('h4', {}, example.summary),
        code(JSON.stringify(example.value, null, 2), example.summary),
      ]));
  }
}

/** A box of code, which the keyboard can scroll. */
function code(text, label) {
  return element('pre', { tabindex: '0', role: 'group', 'aria-label': label }, element('code', {}, text));
}

/** The body with these members. */
function written(members, type) {
  return type === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(members).toString()
    : JSON.stringify(members, null, 2);
}

/** The JSON value of a text, or undefined. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function curl({ method, url, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -i -X ${method} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ');
}
