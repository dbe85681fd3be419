import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type ReadableStream } from 'node:stream/web';
import { type TestContext } from 'node:test';

/** Answers a request; without a result, the connection breaks instead. */
export type Handler = (request: string, forward: () => Promise<Response>) => Promise<Response | undefined>;

/**
 * Starts a server for the time of a test. It counts the requests, and can forward them to the service.
 *
 * @param service the address of the service
 */
export async function serve(t: TestContext, handler: Handler, service = process.env['ROSTER_URL'] ?? '') {
  const requests: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const request = `${incoming.method} ${incoming.url}`;
    requests.push(request);
    const response = await handler(request, () => forward(service, incoming, body));
    if (response === undefined) {
      outgoing.destroy();
    } else {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers)).flushHeaders();
      const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body as ReadableStream);
      await pipeline(body, outgoing).catch(() => {}); // the client has gone
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    basePath: `${origin}/api/v1`,
    /** How often a request came, such as `GET /api/v1/users/me`. */
    count: (request: string) => requests.filter((one) => one === request).length,
  };
}

async function forward(service: string, { method = '', url = '', headers }: IncomingMessage, body: Buffer) {
  const { authorization, 'content-type': type } = headers;
  const response = await fetch(new URL(url, service), {
    method,
    headers: {
      'Accept-Encoding': 'identity',
      ...(authorization && { Authorization: authorization }),
      ...(type && { 'Content-Type': type }),
    },
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const answered = new Headers(response.headers);
  // The connection to the client is this server's own.
  ['connection', 'keep-alive', 'transfer-encoding'].forEach((name) => answered.delete(name));
  return new Response(response.body, { status: response.status, headers: answered });
}
