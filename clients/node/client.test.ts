import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AuthenticationApi,
  Configuration,
  ErrorCode,
  ListUsersSortEnum,
  type LoggedIn,
  type Problem,
  ProblemFromJSON,
  ProblemType,
  type RegisterUser,
  ResponseError,
  SessionsApi,
  type User,
  UsersApi,
} from 'roster-client';

// JavaClientIT runs against the same service: addresses and family names differ from its own.
const basePath = `${process.env['ROSTER_URL']}/api/v1`;
const password = 'Kpass2000$';

/** The API for the holder of this token; without a token, for an anonymous caller. */
function as(accessToken = '') {
  const configuration = new Configuration({ basePath, accessToken });
  return {
    authentication: new AuthenticationApi(configuration),
    users: new UsersApi(configuration),
    sessions: new SessionsApi(configuration),
  };
}

async function logIn(registerUser: RegisterUser): Promise<LoggedIn> {
  const { authentication } = as();
  await authentication.register({ registerUser });
  return authentication.logIn({ logIn: { email: registerUser.email, password } });
}

/** The problem in the response to this call. */
async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => assert.fail('The call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ResponseError, String(error));
  return ProblemFromJSON(await error.response.json());
}

test('a user registers, logs in, refreshes and logs out', async () => {
  const { authentication } = as();
  const registration = await authentication.registerRaw({
    registerUser: { name: 'Juliet Ross', email: 'juliet@typescript.example', role: 'admin', password },
  });
  assert.equal(registration.raw.status, 201);
  const juliet: User = await registration.value();
  assert.deepEqual(juliet, {
    id: juliet.id,
    name: 'Juliet Ross',
    email: 'juliet@typescript.example',
    emailVerified: false,
    pendingEmail: undefined,
    role: 'admin',
    profile: {},
    createdAt: juliet.updatedAt,
    updatedAt: juliet.createdAt,
  });
  assert.ok(juliet.createdAt instanceof Date);

  const login = await authentication.logIn({ logIn: { email: juliet.email, password } });
  assert.equal(login.tokenType, 'Bearer');
  assert.deepEqual(login.user, juliet);
  assert.deepEqual(await as(login.accessToken).users.getMe(), juliet);

  const tokens = await authentication.refresh({ refreshSession: { refreshToken: login.refreshToken } });
  assert.notEqual(tokens.accessToken, login.accessToken);
  const self = as(tokens.accessToken);
  const { sessions } = await self.sessions.listSessions({ id: juliet.id });
  assert.deepEqual(sessions.map((session) => session.current), [true]);

  await self.authentication.logOut();
  const ended = await problemOf(self.users.getMe());
  assert.equal(ended.status, 401);
  assert.equal(ended.type, ProblemType.UrnRosterProblemInvalidToken);
});

test('an update with a stale version is refused', async () => {
  const login = await logIn({ name: 'Tybalt', email: 'tybalt@typescript.example', password });
  const { users } = as(login.accessToken);

  const read = await users.getUserRaw({ id: login.user.id });
  assert.deepEqual(await read.value(), login.user);
  const ifMatch = read.raw.headers.get('ETag') ?? assert.fail('There is no ETag');
  const change = { id: login.user.id, ifMatch, userChanges: { name: 'Tybalt Capulet' } };

  const changed = await users.updateUser(change);
  assert.deepEqual(changed, { ...login.user, name: 'Tybalt Capulet', updatedAt: changed.updatedAt });
  const conflict = await problemOf(users.updateUser(change));
  assert.equal(conflict.status, 412);
  assert.equal(conflict.type, ProblemType.UrnRosterProblemVersionConflict);
});

test('a change of the profile is merged, and null removes a member', async () => {
  const login = await logIn({
    name: 'Viola',
    email: 'viola.profile@typescript.example',
    password,
    profile: { theme: 'dark', address: { city: 'Messaline' } },
  });
  const { users } = as(login.accessToken);
  assert.deepEqual(login.user.profile, { theme: 'dark', address: { city: 'Messaline' } });

  const profile = { theme: null, address: { country: 'Illyria' }, snake_case: { camelCase: 1 } };
  const changed = await users.updateUser({ id: login.user.id, userChanges: { profile } });

  assert.deepEqual(changed.profile, {
    address: { city: 'Messaline', country: 'Illyria' },
    snake_case: { camelCase: 1 },
  });
});

test('the next cursor leads to the next page', async () => {
  await logIn({ name: 'Hero Leonato', email: 'hero@typescript.example', password });
  await logIn({ name: 'Beatrice Leonato', email: 'beatrice@typescript.example', password });
  const login = await logIn({ name: 'Antonio Leonato', email: 'antonio@typescript.example', password });
  const { users } = as(login.accessToken);

  const query = { q: 'leonato', sort: ListUsersSortEnum.NameDescending, limit: 2 };
  const first = await users.listUsers(query);
  const cursor = first.nextCursor ?? assert.fail('There is no second page');
  const second = await users.listUsers({ ...query, cursor });

  assert.deepEqual(first.users.map((user) => user.name), ['Hero Leonato', 'Beatrice Leonato']);
  assert.deepEqual(second.users.map((user) => user.name), ['Antonio Leonato']);
  assert.equal(second.nextCursor, null);
});

test('a validation problem names the invalid members', async () => {
  const registerUser = { name: 'x'.repeat(101), email: 'mercutio', password };

  const problem = await problemOf(as().authentication.register({ registerUser }));

  assert.equal(problem.status, 422);
  assert.equal(problem.type, ProblemType.UrnRosterProblemValidation);
  const errors = new Map(problem.errors?.map((error) => [error.field, error]));
  assert.deepEqual([...errors.keys()].sort(), ['email', 'name']);
  assert.equal(errors.get('email')?.code, ErrorCode.Malformed);
  assert.equal(errors.get('name')?.code, ErrorCode.TooLong);
  assert.equal(errors.get('name')?.max, 100);
});
