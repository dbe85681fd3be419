const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** A scrape: the samples of the text format of Prometheus. */
export class Scrape {
  #samples = new Map();

  constructor(text) {
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = LINE.exec(line) ?? [];
      if (name !== undefined) {
        const sample = { labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) };
        if (!this.#samples.has(name)) {
          this.#samples.set(name, []);
        }
        this.#samples.get(name).push(sample);
      }
    }
  }

  /** The samples of a metric, each with its labels. */
  all(name) {
    return this.#samples.get(name) ?? [];
  }

  /** The sum of the samples that have these labels, or null if there is none. */
  sum(name, wanted = {}) {
    const values = this.all(name)
      .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => matches(value, labels[label])))
      .map(({ value }) => value);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  }
}

/** A wanted value is a text or a pattern. */
function matches(wanted, value = '') {
  return wanted instanceof RegExp ? wanted.test(value) : wanted === value;
}

function labelsOf(text) {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name, value]) =>
    [name, value.replace(/\\[\\"n]/g, (escape) => ESCAPES[escape])]));
}
