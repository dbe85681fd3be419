export * from './generated/index.js';
export { ProblemError } from './problem.js';
export { Roster, type RosterOptions } from './roster.js';
export type { Patience } from './patience.js';
export { localStorageTokens, memoryTokens, type Tokens, type TokenStorage } from './tokens.js';
