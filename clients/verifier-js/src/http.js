/**
 * Sends a request that follows no redirect, and reads the answer.
 *
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} patience how long it may take in all, in ms
 * @param {number} limit how long the body may be, in bytes
 * @returns {Promise<{ response: Response, body: any }>} an answer with the status 200, and its JSON
 * @throws {Error} with another `status`, if there was an answer
 */
export async function requestJson(url, init, patience, limit) {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(patience) });
  const chunks = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) {
      throw new Error(`The answer of ${url} has more than ${limit} bytes`); // leaving the loop cancels the body
    }
  }
  const text = Buffer.concat(chunks).toString();
  if (response.status !== 200) {
    const message = `${url} answered ${response.status}: ${text.slice(0, 500)}`;
    throw Object.assign(new Error(message), { status: response.status });
  }
  return { response, body: JSON.parse(text) };
}
