import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { measure } from '../../../src/engine/measure.ts';
import { type Files, inWorkspace } from '../config/workspace.ts';

/** A request as the server got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Starts a server that answers as the test says and keeps what it got, in order. */
export async function startValueServer(
  t: Pick<TestContext, 'after'>,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', rawHeaders } = request;
    received.push({ method, url, rawHeaders, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Measures what one user makes of a scenario; `rest` is all of it but target and load. */
export function measured(
  url: string,
  rest: string,
  { files = {}, name = 'a.yaml', iterations = 1 }: { files?: Files; name?: string; iterations?: number } = {},
) {
  const load = { model: 'closed', users: 1, iterations, maxDuration: '20s' };
  const text =
    name === 'a.yaml'
      ? `target: ${url}\nload: ${JSON.stringify(load)}\n${rest}`
      : `{ "target": "${url}", "load": ${JSON.stringify(load)}, ${rest} }`;
  return inWorkspace({ ...files, [name]: text }, async cwd => {
    const plan = await loadPlan({ kind: 'file', file: name }, { cwd, env: {} });
    return await measure(plan, { addresses: ['127.0.0.1'] });
  });
}
