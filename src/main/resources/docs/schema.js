import { element } from './element.js';
import { inline } from './markdown.js';

/** Describes JSON Schemas of a contract in words. */
export class Schemas {
  #contract;

  constructor(contract) {
    this.#contract = contract;
  }

  /** The type and the bounds of a value, for example `integer, 1 to 200, default 50`. */
  facts(reference) {
    const schema = this.#contract.resolve(reference);
    return [
      this.#type(schema),
      schema.format,
      schema.const !== undefined && `always ${schema.const}`,
      schema.enum && schema.enum.length <= 8 && `one of ${schema.enum.join(', ')}`,
      range('', schema.minimum, schema.maximum),
      range('length ', schema.minLength ?? schema.minItems, schema.maxLength ?? schema.maxItems),
      schema.pattern && `matches ${schema.pattern}`,
      schema.default !== undefined && `default ${schema.default}`,
    ].filter(Boolean).join(', ');
  }

  /** The values that are allowed, or null if there is no list of them. */
  values(reference) {
    return this.#contract.resolve(reference).enum ?? null;
  }

  /** The members of an object or of the objects in an array, as a list; null if there are none. */
  members(reference) {
    const schema = this.#contract.resolve(reference);
    if (schema.items) {
      return this.members(schema.items);
    }
    const { properties, required } = this.#merged(schema);
    if (Object.keys(properties).length === 0) {
      return null;
    }
    return element('dl', {}, ...Object.entries(properties).flatMap(([name, property]) => {
      const { description } = this.#contract.resolve(property);
      const facts = [this.facts(property), required.includes(name) && 'required'].filter(Boolean).join(', ');
      return [
        element('dt', {}, element('code', {}, name), ` ${facts}`),
        element('dd', {}, description ? inline(description) : null, this.members(property)),
      ];
    }));
  }

  #type(schema) {
    if (schema.items) {
      return `array of ${this.#type(this.#contract.resolve(schema.items))}s`;
    }
    return schema.allOf ? 'object' : [schema.type ?? []].flat().join(' or ');
  }

  /** The members of an object, those of `allOf` included. */
  #merged(schema) {
    return [schema, ...(schema.allOf ?? []).map((part) => this.#merged(this.#contract.resolve(part)))].reduce(
      (merged, part) => ({
        properties: { ...merged.properties, ...part.properties },
        required: [...merged.required, ...(part.required ?? [])],
      }),
      { properties: {}, required: [] },
    );
  }
}

/** Both bounds of a value in words, one of them, or null. */
function range(of, minimum, maximum) {
  if (minimum === undefined) {
    return maximum === undefined ? null : `${of}at most ${maximum}`;
  }
  return maximum === undefined ? `${of}at least ${minimum}` : `${of}${minimum} to ${maximum}`;
}
