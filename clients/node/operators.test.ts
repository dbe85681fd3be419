// The client of the operators' API, which the package contains.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  AuditApi,
  KeysApi,
  Operators,
  ProblemError,
  ProblemType,
  Scope,
  Status,
  UsersApi,
} from 'roster-client/operators';

const basePath = `${process.env['ROSTER_ADMIN_URL']}/admin/v1`;
const keys = new KeysApi(new Operators({ basePath, key: process.env['ROSTER_KEY'] ?? '' }).configuration);

async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await call.then(
    () => assert.fail('The call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError);
  return error;
}

test('a new key finds, disables, enables and changes a person', async () => {
  const { id: keyId, key } = await keys.createKey({
    rosterReason: 'For the desk',
    newApiKey: { name: 'desk', scopes: [Scope.UsersRead, Scope.UsersWrite, Scope.AuditRead] },
  });
  const { configuration } = new Operators({ basePath, key, actor: 'Bénédicte' });
  const users = new UsersApi(configuration);
  const email = `${randomUUID()}@operators.example`;

  const { id } = await users.createUser({ rosterReason: 'Per Brief – Müller', newUser: { name: 'Viola', email } });
  assert.deepEqual((await users.listUsers({ email })).users.map((user) => user.id), [id]);
  assert.deepEqual({ ...(await users.countUsers({ email })) }, { count: 1, exact: true });
  const until = new Date('2099-01-01T00:00:00Z');
  const disabled = await users.disableUser({ id, rosterReason: 'Stolen laptop', disabling: { until } });
  assert.equal(disabled.status, Status.Disabled);
  assert.deepEqual(disabled.disabledUntil, until);
  const enabled = await users.enableUser({ id, rosterReason: 'It is back' });
  assert.equal(enabled.status, Status.Active);
  const ifMatch = `"${enabled.version}"`;
  const changed = await users.updateUser({ id, ifMatch, rosterReason: 'Married', userChanges: { name: 'Viola B.' } });
  assert.equal(changed.name, 'Viola B.');

  const { events } = await new AuditApi(configuration).listEvents({ target: id });
  assert.deepEqual(new Set(events.map((event) => event.actor)), new Set(['Bénédicte']));
  assert.equal(events.at(-1)?.reason, 'Per Brief – Müller');
  assert.equal(events.at(-1)?.keyId, keyId);

  const stale = await problemOf(
    users.updateUser({ id, ifMatch, rosterReason: 'Late', userChanges: { name: 'Viola C.' } }),
  );
  assert.equal(stale.type, ProblemType.UrnRosterProblemVersionConflict);
  const forbidden = await problemOf(users.deleteUser({ id, ifMatch: '*', rosterReason: 'Asked for it' }));
  assert.equal(forbidden.type, ProblemType.UrnRosterProblemInsufficientScope);

  await keys.revokeKey({ id: keyId, rosterReason: 'Not used any more' });
  assert.equal((await problemOf(users.getUser({ id }))).type, ProblemType.UrnRosterProblemUnauthenticated);
});

test('a change without a reason is refused', async () => {
  const problem = await problemOf(keys.createKey({ rosterReason: '', newApiKey: { name: 'x', scopes: [Scope.Keys] } }));

  assert.equal(problem.status, 422);
  assert.equal(problem.errors[0]?.field, 'Roster-Reason');
});
