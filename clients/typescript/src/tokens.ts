/** The tokens of a session. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Where the tokens are kept. */
export interface TokenStorage {
  load(): Tokens | undefined | Promise<Tokens | undefined>;

  /** Replaces the tokens, or removes them. */
  save(tokens: Tokens | undefined): void | Promise<void>;

  /** Runs a task while nobody else with the same storage runs one. Only a shared storage needs this. */
  exclusively?<T>(task: () => Promise<T>): Promise<T>;

  /** Calls a listener when somebody else with the same storage removes the tokens. */
  onRemoved?(listener: () => void): void;
}

/** Keeps the tokens in memory: they are gone when the page is left or the process ends. */
export function memoryTokens(): TokenStorage {
  let tokens: Tokens | undefined;
  return {
    load: () => tokens,
    save: (next) => {
      tokens = next;
    },
  };
}

/**
 * Keeps the tokens in `localStorage`, which all tabs of an origin share. The tabs take turns through the Web Locks API.
 * Browsers offer that API on `https` and `localhost` only. Without it, two tabs may refresh at once, which the service
 * allows for 10 s.
 */
export function localStorageTokens(key = 'roster-tokens'): TokenStorage {
  return {
    load: () => JSON.parse(localStorage.getItem(key) ?? 'null') ?? undefined,
    save: (tokens) => (tokens ? localStorage.setItem(key, JSON.stringify(tokens)) : localStorage.removeItem(key)),
    exclusively: async (task) => (navigator.locks ? takeTurns(key, task) : task()),
    onRemoved: (listener) =>
      addEventListener('storage', (event) => {
        // The key is null if a script clears the whole storage.
        if (event.storageArea === localStorage && (event.key ?? key) === key && event.newValue === null) {
          listener();
        }
      }),
  };
}

/** How long a tab waits for what another tab has written. Usually this takes milliseconds. */
const WRITE_TIME = 2_000;

/**
 * Runs a task while no other tab runs one. A browser may release a lock before the next tab sees what its holder wrote.
 * So each tab holds a second lock for a while, which says that it may have written.
 */
async function takeTurns<T>(key: string, task: () => Promise<T>): Promise<T> {
  const before = localStorage.getItem(key);
  const written = `${key}-written`;
  const run = async () => {
    const { held } = await navigator.locks.query();
    if (held?.some(({ name }) => name === written)) {
      await changed(key, before);
    }
    try {
      return await task();
    } finally {
      await hold(written);
    }
  };
  return await navigator.locks.request(key, run);
}

/** Takes a lock, and gives it back after the time for a write. */
function hold(name: string): Promise<void> {
  return new Promise((taken) => {
    void navigator.locks.request(name, { mode: 'shared' }, () => {
      taken();
      return new Promise((over) => setTimeout(over, WRITE_TIME));
    });
  });
}

/** Waits until this tab sees another value than before. */
async function changed(key: string, before: string | null): Promise<void> {
  const end = Date.now() + WRITE_TIME;
  while (localStorage.getItem(key) === before && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
