import {
  type InvalidMember,
  type Middleware,
  type Problem,
  ProblemFromJSON,
  type ProblemType,
} from './generated/index.js';

/**
 * An error answer of the service: a problem (RFC 9457). If something in between answers, such as a proxy, the type is
 * `about:blank`.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** The kind of problem. Later versions of the service may add types. */
  readonly type: ProblemType | (string & {});
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Identifies the request in the log of the service. */
  readonly requestId: string | undefined;
  /** What is not valid, for the status 422. Otherwise empty. */
  readonly errors: readonly InvalidMember[];

  /**
   * @param response the answer, for its headers; its body has been read
   */
  constructor(readonly response: Response, problem: Partial<Problem> = {}) {
    const title = problem.title ?? (response.statusText || `Status ${response.status}`);
    super(problem.detail ? `${title}: ${problem.detail}` : title);
    this.type = problem.type ?? 'about:blank';
    this.status = response.status;
    this.title = title;
    this.detail = problem.detail ?? '';
    this.requestId = problem.requestId ?? response.headers.get('X-Request-Id') ?? undefined;
    this.errors = problem.errors ?? [];
  }
}

/** Makes the generated client throw problems, and network errors and aborts as `fetch` threw them. */
export const problems: Middleware = {
  async post({ response }) {
    if (response.status >= 400) {
      throw new ProblemError(response, await response.json().then(ProblemFromJSON, () => ({})));
    }
  },
  async onError({ error }) {
    throw error;
  },
};
