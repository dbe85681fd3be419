/** How long a call goes on while the service answers 503 with `Retry-After`. */
export interface Patience {
  /** How many times a request is repeated. */
  readonly repeats: number;
  /** The longest time that all repeats of a request wait, together. */
  readonly seconds: number;
}

/** Sends a request. Repeats it as long as the service is busy, if that is safe. */
export async function patiently(
  send: typeof fetch,
  input: RequestInfo | URL,
  init: RequestInit,
  { repeats, seconds }: Patience,
): Promise<Response> {
  const response = await send(input, init);
  const wait = secondsToWait(response);
  if (wait === undefined || wait > seconds || repeats === 0 || !isSafeToRepeat(String(input), init.method)) {
    return response;
  }
  await response.body?.cancel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, wait * 1000);
  });
  await unlessAborted(over, init.signal).finally(() => clearTimeout(timer));
  return patiently(send, input, init, { repeats: repeats - 1, seconds: seconds - wait });
}

/** Waits for a promise. If the signal aborts first, the caller gets its reason, and the promise goes on for others. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) {
    return promise;
  }
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) {
    abort();
  }
  return Promise.race([aborted, promise]).finally(() => signal.removeEventListener('abort', abort));
}

/** Reads change nothing, a repeated refresh gets the same tokens, and a repeated logout is a logout. */
function isSafeToRepeat(url: string, method = 'GET'): boolean {
  return method === 'GET' || method === 'HEAD' || /\/auth\/(refresh|logout)$/.test(url);
}

/** The `Retry-After` of a 503, and up to half of it more: otherwise all clients would come back at the same moment. */
function secondsToWait(response: Response): number | undefined {
  const header = response.status === 503 ? response.headers.get('Retry-After') : null;
  return header !== null && /^\d+$/.test(header) ? Number(header) * (1 + Math.random() / 2) : undefined;
}
