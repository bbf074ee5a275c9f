import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { build } from '../../../src/launch/process/build.ts';
import { redactor } from '../../../src/safety/secret.ts';
import { answering, place } from './api.ts';

const secret = 'hunter2-of-the-database';
const clean = redactor([secret]);
/** Prints what leaks, around more than is read at once. */
const leaky = answering(`
  console.log('connecting with ${secret}');
  for (let i = 0; i < 30_000; i++) console.log('line ' + i + ' ' + 'x'.repeat(90));
  console.log('GET /items?access_token=abcdef123456');
  console.log('authorization: Bearer abcdefghijklmnopqrstuvwxyz');
  console.log('y'.repeat(190) + '${secret}');
`);

test('the log of a served API is kept without secrets once it has stopped', async t => {
  const at = await place(t);
  mkdirSync(dirname(at.logFile));
  writeFileSync(at.logFile, `an earlier line with ${secret}\n`);
  const served = await at.serve(at.script('api.js', leaky), {}, { clean });
  const lines = served.lastLines().join('\n');
  assert.match(lines, /access_token=\[redacted\]/);
  assert.doesNotMatch(lines, /hunter2|abcdef/);
  await served.stop();
  const log = readFileSync(at.logFile, 'utf8');
  assert.equal(log.split('\n').filter(line => line.startsWith('line ')).length, 30_000);
  const [earlier, ...own] = log.split('\n');
  assert.equal(earlier, `an earlier line with ${secret}`, 'what others wrote before is theirs');
  assert.match(own.join('\n'), /^connecting with \[redacted\]$/m);
  assert.doesNotMatch(own.join('\n'), /hunter2|abcdef/);
  assert.deepEqual(served.lastLines().slice(-3), lines.split('\n').slice(-3));
});

test('a log without secrets is left as it is', async t => {
  const at = await place(t);
  const served = await at.serve(at.script('api.js', answering("console.log('up');")), {}, { clean });
  const before = statSync(at.logFile).ino;
  await served.stop();
  assert.equal(statSync(at.logFile).ino, before);
  assert.match(readFileSync(at.logFile, 'utf8'), /^up$/m);
});

test('the log of a build is kept without secrets, and so is what its error quotes', async t => {
  const at = await place(t);
  const command = { name: 'build', command: `echo building with ${secret} && exit 3` } as const;
  const options = { directory: at.folder, env: process.env, logFile: at.logFile, clean };
  await assert.rejects(build([command], options), (error: Error) => {
    assert.match(error.message, /building with \[redacted\]/);
    return true;
  });
  assert.equal(readFileSync(at.logFile, 'utf8'), 'building with [redacted]\n');
});
