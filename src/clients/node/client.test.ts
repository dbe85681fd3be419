import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AuthenticationApi,
  Configuration,
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
} from './roster/index.js';

const basePath = `${process.env['ROSTER_URL']}/api/v1`;
const password = 'Kpass2000$';

/** The API as the holder of a token sees it, or nobody in particular. */
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

/** The problem with which a call is answered. */
async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => assert.fail('It was answered without a problem'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ResponseError, String(error));
  return ProblemFromJSON(await error.response.json());
}

test('goes from registration to logout', async () => {
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
    role: 'admin',
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
  const over = await problemOf(self.users.getMe());
  assert.equal(over.status, 401);
  assert.equal(over.type, ProblemType.UrnRosterProblemInvalidToken);
});

test('changes a user only from the version that it has read', async () => {
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

test('walks a list from page to page', async () => {
  await logIn({ name: 'Romeo Montague', email: 'romeo@typescript.example', password });
  await logIn({ name: 'Benvolio Montague', email: 'benvolio@typescript.example', password });
  const login = await logIn({ name: 'Abraham Montague', email: 'abraham@typescript.example', password });
  const { users } = as(login.accessToken);

  const query = { q: 'montague', sort: ListUsersSortEnum.NameDescending, limit: 2 };
  const first = await users.listUsers(query);
  const cursor = first.nextCursor ?? assert.fail('There is no second page');
  const second = await users.listUsers({ ...query, cursor });

  assert.deepEqual(first.users.map((user) => user.name), ['Romeo Montague', 'Benvolio Montague']);
  assert.deepEqual(second.users.map((user) => user.name), ['Abraham Montague']);
  assert.equal(second.nextCursor, null);
});

test('reads what is not valid', async () => {
  const registerUser = { name: ' ', email: 'mercutio', password };

  const problem = await problemOf(as().authentication.register({ registerUser }));

  assert.equal(problem.status, 422);
  assert.equal(problem.type, ProblemType.UrnRosterProblemValidation);
  assert.deepEqual(problem.errors?.map((error) => error.field).sort(), ['email', 'name']);
});
