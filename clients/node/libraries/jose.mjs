// Checks each token of a line with jose, and prints "accepted", or why it is refused.
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [jwks, algorithm, issuer, audience] = process.argv.slice(2);
// By default jose waits 30 s between two fetches, which is far below the default of KEY_LEAD, but not below this test's.
const keys = createRemoteJWKSet(new URL(jwks), { cooldownDuration: 1_000 });
const options = { algorithms: [algorithm], typ: 'at+jwt', issuer, audience };
for await (const token of createInterface({ input: process.stdin })) {
  const verdict = await jwtVerify(token, keys, options).then(() => 'accepted', (error) => `refused: ${error}`);
  console.log(verdict.replaceAll('\n', ' '));
}
