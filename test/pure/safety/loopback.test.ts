import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback } from '../../../src/safety/loopback.ts';

test('a URL is of this machine by name alone: localhost, 127.0.0.0/8, ::1 and Unix sockets', () => {
  for (const url of [
    'http://localhost:4010',
    'https://LOCALHOST',
    'http://127.0.0.1/v1',
    'http://127.8.9.10:80',
    'http://[::1]:4010',
    'unix:/run/api.sock:/base',
  ]) {
    assert.equal(isLoopback(url), true, url);
  }
  for (const url of [
    'http://10.0.0.7',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://[::2]',
    'http://0.0.0.0',
    'http://***',
    '',
  ]) {
    assert.equal(isLoopback(url), false, url);
  }
});
