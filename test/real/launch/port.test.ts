import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, isListening, portOf } from '../../../src/launch/process/port.ts';
import { noPolls, untilReady } from '../../../src/launch/process/readiness.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';

describe('free ports', () => {
  test('are all different, in ascending order, and free', async () => {
    const ports = await freePorts(50);
    assert.equal(new Set(ports).size, 50);
    assert.deepEqual(
      ports,
      [...ports].sort((a, b) => a - b),
    );
    const servers = ports.slice(0, 5).map(port => createServer().listen(port, '127.0.0.1'));
    try {
      await Promise.all(servers.map(server => once(server, 'listening')));
    } finally {
      for (const server of servers) server.close();
    }
    assert.deepEqual(await freePorts(0), []);
  });
});

describe('a name that was resolved before', {
  skip: process.platform !== 'linux' && 'only 127.0.0.1 is a loopback address here',
}, () => {
  // At the start localhost was 127.0.0.2; by now it is what the system says.
  const target = { host: 'localhost', socketPath: null, addresses: ['127.0.0.2'] };

  for (const [address, isFound] of [
    ['127.0.0.2', true],
    ['127.0.0.1', false],
  ] as const) {
    test(`is ${isFound ? '' : 'not '}looked for at ${address}, neither for its port nor for being ready`, async t => {
      const server = createHttpServer((_, response) => response.end());
      await once(server.listen(0, address), 'listening');
      t.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      assert.equal(await isListening(portOf({ ...target, port })), isFound);
      const abort = new AbortController();
      const request = {
        url: new URL(`http://localhost:${port}/`),
        method: 'GET',
        tls: usualTransport.tls,
        socketPath: null,
        addresses: target.addresses,
      };
      const polls = noPolls();
      const ready = untilReady(request, polls, abort.signal).then(() => true);
      const givenUp = delay(isFound ? 30_000 : 500, false, { signal: abort.signal });
      assert.equal(await Promise.race([ready, givenUp]), isFound);
      abort.abort();
      await Promise.allSettled([ready, givenUp]);
    });
  }
});
