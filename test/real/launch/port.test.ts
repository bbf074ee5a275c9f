import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { freePorts } from '../../../src/launch/process/port.ts';

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
