export * from './generated/index.js';
export { Operators, type OperatorsOptions } from './operators.js';
export { ProblemError } from '../problem.js';
export type { Patience } from '../patience.js';
