// The package: tokens, refreshes, repeats and errors.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import {
  AuthenticationApi,
  Configuration,
  ErrorCode,
  memoryTokens,
  ProblemError,
  ProblemType,
  Roster,
  type RosterOptions,
  UsersApi,
} from 'roster-client';
import { type Handler, serve } from './server.js';

const GET_ME = 'GET /api/v1/users/me';
const REFRESH = 'POST /api/v1/auth/refresh';
const password = 'Kpass2000$';
const pass: Handler = (_, forward) => forward();

/** A new user who has logged in through a server, and whose access token the service refuses. */
async function withRefusedToken(t: TestContext, handler: Handler, service?: string) {
  const server = await serve(t, handler, service);
  const storage = memoryTokens();
  let loggedOut = 0;
  const roster = new Roster({ basePath: server.basePath, storage, onLoggedOut: () => loggedOut++ });
  const email = `${randomUUID()}@package.example`;
  await new AuthenticationApi(roster.configuration).register({ registerUser: { name: 'Viola', email, password } });
  const user = await roster.logIn({ email, password });
  const tokens = (await storage.load()) ?? assert.fail('There are no tokens');
  // The service gives the same answer to every token that it refuses: an expired one too.
  await storage.save({ ...tokens, accessToken: tokens.accessToken.slice(0, -5) });
  const usersApi = new UsersApi(roster.configuration);
  return { server, storage, roster, user, tokens, usersApi, loggedOut: () => loggedOut };
}

/** Answers from the list, one after the other; the last one stays. */
function answers(...list: Response[]): Handler {
  let next = 0;
  return async () => list[Math.min(next++, list.length - 1)]?.clone();
}

const busy = (retryAfter?: string) =>
  new Response('{}', { status: 503, headers: retryAfter === undefined ? {} : { 'Retry-After': retryAfter } });
const page = () => Response.json({ users: [], next_cursor: null });

async function fake(t: TestContext, handler: Handler, options: Partial<RosterOptions> = {}) {
  const server = await serve(t, handler);
  const { configuration } = new Roster({ basePath: server.basePath, ...options });
  return { server, usersApi: new UsersApi(configuration), authentication: new AuthenticationApi(configuration) };
}

async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await call.then(
    () => assert.fail('The call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error;
}

test('many calls with a refused access token share one refresh', async (t) => {
  let waiting = 0;
  let allHaveCome = () => {};
  const allCame = new Promise<void>((resolve) => {
    allHaveCome = resolve;
  });
  let refreshed = 0;
  const { storage, usersApi, user, tokens } = await withRefusedToken(t, async (request, forward) => {
    if (request === GET_ME) {
      if (++waiting === 20) {
        allHaveCome();
      }
      await allCame;
    }
    const response = await forward();
    refreshed += request === REFRESH && response.ok ? 1 : 0;
    return response;
  });

  const calls = await Promise.all(Array.from({ length: 20 }, () => usersApi.getMe()));

  assert.deepEqual(calls, Array.from({ length: 20 }, () => user));
  assert.notEqual((await storage.load())?.refreshToken, tokens.refreshToken);
  assert.deepEqual(await usersApi.getMe(), user);
  assert.equal(refreshed, 1);
});

test('a refresh is sent again if its answer is lost', async (t) => {
  let lost = false;
  const { server, usersApi, user, loggedOut } = await withRefusedToken(t, async (request, forward) => {
    const response = await forward();
    if (request === REFRESH && !lost) {
      lost = response.ok;
      return undefined;
    }
    return response;
  });

  assert.deepEqual(await usersApi.getMe(), user);

  assert.equal(lost, true);
  assert.equal(server.count(REFRESH), 2);
  assert.equal(loggedOut(), 0);
});

const withoutGrace = process.env['ROSTER_URL_WITHOUT_GRACE'];
test('a reused refresh token logs the user out', { skip: withoutGrace === undefined }, async (t) => {
  const { server, usersApi, storage, roster, tokens, loggedOut } = await withRefusedToken(t, pass, withoutGrace);
  const thief = new AuthenticationApi(new Configuration({ basePath: server.basePath }));
  const stolen = await thief.refresh({ refreshSession: { refreshToken: tokens.refreshToken } });

  const problem = await problemOf(usersApi.getMe());

  assert.equal(problem.type, ProblemType.UrnRosterProblemInvalidToken);
  assert.equal(loggedOut(), 1);
  assert.equal(await storage.load(), undefined);
  assert.equal(await roster.isLoggedIn(), false);
  assert.equal((await problemOf(usersApi.getMe())).type, ProblemType.UrnRosterProblemUnauthenticated);
  assert.equal(loggedOut(), 1);
  await assert.rejects(thief.refresh({ refreshSession: { refreshToken: stolen.refreshToken } }));
});

test('a refresh that fails keeps the tokens', async (t) => {
  let isDown = true;
  const { usersApi, user, storage, tokens, loggedOut } = await withRefusedToken(t, async (request, forward) =>
    request === REFRESH && isDown ? busy() : forward(),
  );

  assert.equal((await problemOf(usersApi.getMe())).status, 503);

  assert.equal((await storage.load())?.refreshToken, tokens.refreshToken);
  assert.equal(loggedOut(), 0);
  isDown = false;
  assert.deepEqual(await usersApi.getMe(), user);
});

test('a login during a refresh is kept', async (t) => {
  const other = { accessToken: 'other', refreshToken: 'other' };
  const { usersApi, storage } = await withRefusedToken(t, async (request, forward) => {
    const response = await forward();
    if (request === REFRESH) {
      await storage.save(other);
    }
    return response;
  });

  await problemOf(usersApi.getMe());

  assert.deepEqual(await storage.load(), other);
});

test('an aborted call leaves the refresh to the others', async (t) => {
  const controller = new AbortController();
  const { usersApi, user } = await withRefusedToken(t, async (request, forward) => {
    const response = await forward();
    if (request === REFRESH) {
      controller.abort(new Error('enough'));
      await assert.rejects(aborted, { message: 'enough' });
    }
    return response;
  });

  const aborted = usersApi.getMe({}, { signal: controller.signal });
  const other = usersApi.getMe();

  await assert.rejects(aborted, { message: 'enough' });
  assert.deepEqual(await other, user);
});

test('a logout ends the session and removes the tokens', async (t) => {
  const server = await serve(t, pass);
  let loggedOut = 0;
  const storage = memoryTokens();
  const roster = new Roster({ basePath: server.basePath, storage, onLoggedOut: () => loggedOut++ });
  const email = `${randomUUID()}@package.example`;
  const authentication = new AuthenticationApi(roster.configuration);
  await authentication.register({ registerUser: { name: 'Viola', email, password } });
  await roster.logIn({ email, password });
  const { refreshToken } = (await storage.load()) ?? assert.fail('There are no tokens');

  await roster.logOut();

  assert.equal(await roster.isLoggedIn(), false);
  assert.equal(loggedOut, 0);
  assert.equal((await problemOf(authentication.refresh({ refreshSession: { refreshToken } }))).status, 401);
});

test('a read is repeated while the service is busy', async (t) => {
  const { server, usersApi } = await fake(t, answers(busy('0'), busy('0'), page()));

  assert.deepEqual(await usersApi.listUsers(), { users: [], nextCursor: null });

  assert.equal(server.count('GET /api/v1/users'), 3);
});

test('a read is repeated three times at most', async (t) => {
  const { server, usersApi } = await fake(t, answers(busy('0')));

  assert.equal((await problemOf(usersApi.listUsers())).status, 503);

  assert.equal(server.count('GET /api/v1/users'), 4);
});

for (const retryAfter of ['11', undefined, 'soon']) {
  test(`a read is not repeated if Retry-After is ${retryAfter}`, async (t) => {
    const { server, usersApi } = await fake(t, answers(busy(retryAfter), page()));

    assert.equal((await problemOf(usersApi.listUsers())).status, 503);

    assert.equal(server.count('GET /api/v1/users'), 1);
  });
}

test('a change is not repeated, because the service may have made it', async (t) => {
  const { server, authentication } = await fake(t, answers(busy('0')));

  const registration = authentication.register({ registerUser: { name: 'Viola', email: 'v@example.com', password } });

  assert.equal((await problemOf(registration)).status, 503);
  assert.equal(server.count('POST /api/v1/auth/register'), 1);
});

test('an abort ends the wait for a busy service', async (t) => {
  const controller = new AbortController();
  // The client cancels the body of the answer before it waits.
  const body = () => new ReadableStream({ cancel: () => controller.abort() });
  const handler: Handler = async () => new Response(body(), { status: 503, headers: { 'Retry-After': '600' } });
  const { server, usersApi } = await fake(t, handler, { patience: { repeats: 1, seconds: 3600 } });

  await assert.rejects(usersApi.listUsers({}, { signal: controller.signal }), { name: 'AbortError' });

  assert.equal(server.count('GET /api/v1/users'), 1);
});

test('a problem names the invalid members', async () => {
  const { configuration } = new Roster({ basePath: `${process.env['ROSTER_URL']}/api/v1` });
  const registerUser = { name: 'x'.repeat(101), email: 'viola', password };

  const problem = await problemOf(new AuthenticationApi(configuration).register({ registerUser }));

  assert.equal(problem.status, 422);
  assert.equal(problem.type, ProblemType.UrnRosterProblemValidation);
  assert.equal(problem.title, 'The request is not valid');
  assert.equal(problem.detail, '2 members are not valid');
  assert.equal(problem.message, 'The request is not valid: 2 members are not valid');
  assert.equal(problem.requestId, problem.response.headers.get('X-Request-Id'));
  const codes = problem.errors.map(({ field, code, max }) => [field, code, max]);
  assert.deepEqual(codes.sort(), [['email', ErrorCode.Malformed, undefined], ['name', ErrorCode.TooLong, 100]]);
});

test('the error page of a proxy is a problem without a type', async (t) => {
  const { usersApi } = await fake(t, answers(new Response('<h1>Bad Gateway</h1>', { status: 502 })));

  const problem = await problemOf(usersApi.listUsers());

  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.status, 502);
  assert.deepEqual(problem.errors, []);
});

test('the package contains the code, its types, the licence and the README', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: '../typescript', encoding: 'utf8' }),
  ) as [{ files: { path: string }[] }];
  const paths = files.map((file) => file.path);

  assert.deepEqual(
    paths.filter((path) => !path.startsWith('dist/')).sort(),
    ['LICENSE', 'README.md', 'package.json'],
  );
  assert.ok(paths.includes('dist/index.js') && paths.includes('dist/index.d.ts'));
});
