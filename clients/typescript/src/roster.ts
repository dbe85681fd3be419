import { AuthenticationApi, Configuration, type LogIn, type User } from './generated/index.js';
import { type Patience, patiently, unlessAborted } from './patience.js';
import { ProblemError, problems } from './problem.js';
import { memoryTokens, type Tokens, type TokenStorage } from './tokens.js';

/**
 * The time for an answer to a refresh or a logout. If an answer is lost, the service gives it again within 10 s of the
 * first request. So the second try must begin earlier.
 */
const ANSWER_TIME = 5_000;

export interface RosterOptions {
  /** The address of the API, for example `https://roster.example.com/api/v1`. */
  basePath: string;
  /** Where the tokens are kept: in memory by default. */
  storage?: TokenStorage;
  /** Called when the session has ended in another way than by `logOut` here. The tokens have been removed. */
  onLoggedOut?: () => void;
  /** How long a call goes on while the service is busy: 3 repeats and 10 seconds by default. */
  patience?: Patience;
}

/** A user's access to Roster. Create one for each user, and pass its configuration to the generated APIs. */
export class Roster {
  /** For the generated APIs: `new UsersApi(roster.configuration)`. */
  readonly configuration: Configuration;
  readonly #storage: TokenStorage;
  readonly #onLoggedOut: () => void;
  readonly #patience: Patience;
  /** For refreshes and logouts: it never waits for long, and does not refresh. */
  readonly #authentication: AuthenticationApi;
  #renewal: Promise<Tokens | undefined> | undefined;

  constructor({ basePath, storage, onLoggedOut, patience }: RosterOptions) {
    this.#storage = storage ?? memoryTokens();
    this.#onLoggedOut = onLoggedOut ?? (() => {});
    this.#patience = patience ?? { repeats: 3, seconds: 10 };
    this.configuration = new Configuration({
      basePath,
      accessToken: async () => (await this.#storage.load())?.accessToken ?? '',
      fetchApi: (input, init) => this.#fetch(input, init),
      middleware: [problems],
    });
    const promptly: typeof fetch = (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(ANSWER_TIME) });
    this.#authentication = new AuthenticationApi(
      new Configuration({
        basePath,
        fetchApi: (input, init = {}) => patiently(promptly, input, init, this.#patience),
        middleware: [problems],
      }),
    );
    this.#storage.onRemoved?.(this.#onLoggedOut);
  }

  /** Opens a session and keeps its tokens. */
  async logIn(logIn: LogIn, init?: RequestInit): Promise<User> {
    const { user, accessToken, refreshToken } = await new AuthenticationApi(this.configuration).logIn({ logIn }, init);
    await this.#storage.save({ accessToken, refreshToken });
    return user;
  }

  /** Removes the tokens, then ends the session. If this throws, the tokens are gone, but the session may still live. */
  async logOut(): Promise<void> {
    const tokens = await this.#storage.load();
    await this.#storage.save(undefined);
    if (tokens) {
      await this.#authentication.logOut({ headers: { Authorization: `Bearer ${tokens.accessToken}` } });
    }
  }

  /** Whether there are tokens. The session may have ended meanwhile; the next call finds out. */
  async isLoggedIn(): Promise<boolean> {
    return (await this.#storage.load()) !== undefined;
  }

  /** Sends a request. If the service refuses the access token, sends it again with a new one. */
  async #fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const response = await patiently(fetch, input, init, this.#patience);
    const headers = new Headers(init.headers);
    const refused = headers.get('Authorization');
    if (response.status !== 401 || refused === null) {
      return response;
    }
    const tokens = await unlessAborted(this.#renew(refused.replace('Bearer ', '')), init.signal);
    if (tokens === undefined) {
      return response;
    }
    await response.body?.cancel();
    headers.set('Authorization', `Bearer ${tokens.accessToken}`);
    return patiently(fetch, input, { ...init, headers }, this.#patience);
  }

  /** The tokens in place of a refused access token; undefined if the user is logged out. Callers share one refresh. */
  #renew(refused: string): Promise<Tokens | undefined> {
    this.#renewal ??= this.#renewAlone(refused).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewAlone(refused: string): Promise<Tokens | undefined> {
    const present = await this.#storage.load();
    if (present?.accessToken !== refused) {
      return present; // another tab has refreshed, or the user has logged in or out
    }
    const refresh = () => this.#refresh(refused);
    return this.#storage.exclusively?.(refresh) ?? refresh();
  }

  async #refresh(refused: string): Promise<Tokens | undefined> {
    const spent = await this.#storage.load();
    if (spent?.accessToken !== refused) {
      return spent; // the same, during the wait for the others
    }
    const next = await this.#exchange(spent.refreshToken);
    const present = await this.#storage.load();
    if (present?.refreshToken !== spent.refreshToken) {
      return present; // the user has logged in or out meanwhile
    }
    await this.#storage.save(next);
    if (next === undefined) {
      this.#onLoggedOut();
    }
    return next;
  }

  /** Exchanges a refresh token for the next pair. Undefined if its session has ended. */
  async #exchange(refreshToken: string): Promise<Tokens | undefined> {
    const refresh = () => this.#authentication.refresh({ refreshSession: { refreshToken } });
    try {
      const pair = await refresh().catch((error: unknown) => {
        if (error instanceof ProblemError) {
          throw error;
        }
        return refresh(); // the answer is lost
      });
      return { accessToken: pair.accessToken, refreshToken: pair.refreshToken };
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) {
        return undefined;
      }
      throw error;
    }
  }
}
