import { element } from '../docs/element.js';
import { short } from './text.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 120;
const HEIGHT = 32;

/** A young plot is as wide as if it had this many values. */
const FEWEST = 20;

/** A number with its recent history as a small plot. Keeps a bounded number of values. */
export class Plot {
  #title;
  #unit;
  #size;
  #values = [];
  #number = element('strong');
  #line = svg('path', { class: 'line' });
  #area = svg('path', { class: 'area' });
  #picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' });

  /** @param size how many values the plot shows */
  constructor(title, unit, size) {
    this.#title = title;
    this.#unit = unit;
    this.#size = size;
    this.#picture.append(this.#area, this.#line);
    this.#draw();
  }

  render() {
    return element('div', { class: 'plot' },
      element('h3', {}, this.#title), element('p', {}, this.#number), this.#picture);
  }

  /** Adds a value; null leaves a gap. */
  add(value) {
    this.#values.push(value);
    this.#values.splice(0, this.#values.length - this.#size);
    this.#draw();
  }

  #draw() {
    const known = this.#values.filter((value) => value !== null);
    const last = this.#values.at(-1) ?? null;
    const top = Math.max(...known, 0) || 1;
    const steps = Math.max(this.#values.length, FEWEST) - 1;
    const x = (index) => WIDTH * (1 - (this.#values.length - 1 - index) / steps);
    const y = (value) => HEIGHT - 1 - (HEIGHT - 2) * (value / top);
    const point = (index) => `${x(index).toFixed(1)},${y(this.#values[index]).toFixed(1)}`;
    const runs = this.#runs().map((run) => run.map(point));
    this.#line.setAttribute('d', runs.map((points) => `M${points.join('L')}h0.1`).join(''));
    this.#area.setAttribute('d', runs.map((points) => {
      const [start, end] = [points[0], points.at(-1)].map((text) => text.split(',')[0]);
      return `M${start},${HEIGHT}L${points.join('L')}L${end},${HEIGHT}Z`;
    }).join(''));
    this.#number.textContent = last === null ? '–' : `${short(last)}${this.#unit}`;
    this.#picture.setAttribute('aria-label', known.length === 0
      ? `${this.#title}: nothing known yet`
      : `${this.#title}: between ${short(Math.min(...known))} and ${short(Math.max(...known))}${this.#unit} recently`);
  }

  /** The indexes of known values, parted at the gaps. */
  #runs() {
    const runs = [[]];
    this.#values.forEach((value, index) => {
      if (value === null) {
        runs.push([]);
      } else {
        runs.at(-1).push(index);
      }
    });
    return runs.filter((run) => run.length > 0);
  }
}

function svg(name, attributes) {
  const created = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([attribute, value]) => created.setAttribute(attribute, value));
  return created;
}
