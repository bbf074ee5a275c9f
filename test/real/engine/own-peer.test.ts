import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { isItsOwnPeer } from '../../../src/safety/loopback.ts';
import { freePort } from '../../target/free-port.ts';

const host = '127.0.0.1';

test('a connection of a port with itself reaches no server', {
  skip: process.platform !== 'linux',
}, async () => {
  const port = await freePort();
  const own = connect({ host, port, localAddress: host, localPort: port });
  await once(own, 'connect');
  assert.equal(isItsOwnPeer(own), true);
  own.destroy();
  await once(own, 'close');
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const other = connect(Object(server.address()).port, host);
  await once(other, 'connect');
  assert.equal(isItsOwnPeer(other), false);
  other.destroy();
  server.close();
});
