/** An OpenAPI 3.1 document. */
export class Contract {
  #document;
  #address;

  constructor(document, address) {
    this.#document = document;
    this.#address = address;
  }

  /** The address of the first server. That of the document is the base of a relative one. */
  #server(servers) {
    return new URL(servers[0].url, this.#address).href.replace(/\/$/, '');
  }

  static async load(address) {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!answer.ok) {
      throw new Error(`${address} was answered with ${answer.status}`);
    }
    return new Contract(await answer.json(), address);
  }

  get info() {
    return this.#document.info;
  }

  /** What people call the token that the calls send. */
  get tokenName() {
    const [scheme] = Object.values(this.#document.components.securitySchemes);
    return scheme['x-displayName'] ?? 'token';
  }

  /** The tags in their order, each with its operations. */
  get tags() {
    const operations = Object.entries(this.#document.paths).flatMap(([path, item]) => this.#operations(path, item));
    return this.#document.tags.map((tag) => ({
      ...tag,
      operations: operations.filter((operation) => operation.tag === tag.name),
    }));
  }

  #operations(path, item) {
    return ['get', 'post', 'put', 'patch', 'delete'].filter((method) => method in item).map((method) => {
      const operation = item[method];
      const security = operation.security ?? this.#document.security ?? [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return {
        id: operation.operationId,
        tag: operation.tags[0],
        summary: operation.summary,
        description: operation.description ?? '',
        method: method.toUpperCase(),
        path,
        url: this.#server(item.servers ?? this.#document.servers) + path,
        scope: operation['x-scope'] ?? null,
        needsToken: security.some((requirement) => Object.keys(requirement).length > 0),
        endsToken: operation['x-ends-token'] === true,
        parameters: parameters.map((parameter) => this.resolve(parameter)),
        body: this.#content(operation.requestBody),
        responses: Object.entries(operation.responses).map(([status, response]) => this.#response(status, response)),
      };
    });
  }

  #response(status, reference) {
    const response = this.resolve(reference);
    return {
      status,
      description: response.description,
      headers: Object.entries(response.headers ?? {}).map(([name, header]) => ({ name, ...this.resolve(header) })),
      content: this.#content(response),
      links: Object.values(response.links ?? {}).map((link) => this.resolve(link)),
    };
  }

  /** The first media type with its schema and its examples, or null without content. */
  #content(container) {
    const [entry] = Object.entries(this.resolve(container ?? {}).content ?? {});
    if (!entry) {
      return null;
    }
    const [type, { schema, example, examples = example ? { Example: { value: example } } : {} }] = entry;
    return {
      type,
      schema: this.resolve(schema),
      examples: Object.entries(examples).map(([name, { summary = name, value }]) => ({ summary, value })),
    };
  }

  /** Replaces a reference by its target. Keywords beside the reference stay. */
  resolve(node) {
    if (!node.$ref) {
      return node;
    }
    const { $ref, ...beside } = node;
    return { ...this.resolve(valueAt(this.#document, $ref.slice(1))), ...beside };
  }
}

/**
 * A runtime expression: a member of a body, a parameter in the path of the request, or a header of the response. Braces
 * embed it in a text.
 */
const EXPRESSION = /^{?\$(request|response)\.(body#|path\.|header\.)([^}]*)}?$/;

/**
 * The operations that an answer leads to, each with the parameters and the body that its link takes from the exchange.
 */
export function follow(links, exchange) {
  const evaluate = (text) => {
    const [, side, source, name] = EXPRESSION.exec(text) ?? [];
    if (!side) {
      return text;
    }
    return {
      'body#': () => valueAt(exchange[side].body, name),
      'path.': () => exchange[side].path[name],
      'header.': () => exchange[side].headers.get(name) ?? undefined,
    }[source]();
  };
  const evaluateAll = (members) =>
    Object.fromEntries(Object.entries(members).map(([name, text]) => [name, evaluate(text)]));
  return links.map((link) => ({
    operation: link.operationId,
    parameters: evaluateAll(link.parameters ?? {}),
    body: link.requestBody ? evaluateAll(JSON.parse(link.requestBody)) : null,
  }));
}

/** The value that a JSON pointer (RFC 6901) leads to, or undefined. */
function valueAt(root, pointer) {
  return pointer.split('/').slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((node, token) => node?.[token], root);
}
