// A service with a verifier, whose event loop stops when it is told to.
import { parentPort, workerData } from 'node:worker_threads';
import { createVerifier } from 'roster-verifier';
import { outcome } from './fake-roster.js';

const { options, tokens, block } = workerData;
const verifier = await createVerifier(options);
parentPort.postMessage('blocked');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, block);
const end = performance.now() + 1_000;
const outcomes = {};
do {
  for (const [name, token] of Object.entries(tokens)) {
    (outcomes[name] ??= []).push(await outcome(verifier, token));
  }
} while (performance.now() < end);
parentPort.postMessage(outcomes);
verifier.close();
