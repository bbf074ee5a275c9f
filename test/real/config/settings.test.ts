import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { base, inWorkspace, lines, messageOf } from './workspace.ts';

const settingsOf = (text: string) => inWorkspace({ 'plimsoll.config.json': text }, readSettings);

describe('the serve section of the settings', () => {
  test('has the shape of the one of a scenario', async () => {
    const { serve } = await settingsOf(
      '{ "serve": { "install": "npm ci", "start": "npm start", "ready": "GET /health", "timeout": "1m" } }',
    );
    assert.deepEqual(serve, {
      install: 'npm ci',
      build: null,
      start: 'npm start',
      ready: { method: 'GET', path: '/health' },
      timeout: 60_000,
    });
    assert.equal((await settingsOf('{}')).serve, undefined);
  });

  test('leaves variables of its commands to the shell', async () => {
    const { serve } = await settingsOf(`{ "serve": { "start": "api \${PORT}", "ready": "GET /" } }`);
    assert.equal(serve?.start, `api \${PORT}`);
  });

  test('tells what is wrong with it', async () => {
    assert.equal(
      await messageOf(
        settingsOf('{\n"serve": {\n"biuld": "make",\n"start": "",\n"ready": 5,\n"timeout": 30\n}\n}'),
      ),
      lines(
        'plimsoll.config.json:3:1: serve.biuld: unknown key [value.unknown-key]',
        '  expected  install, build, start, ready, timeout',
        '  instead   build',
        'plimsoll.config.json:4:1: serve.start: invalid value [value.invalid]',
        '  found     ""',
        '  expected  a command',
        'plimsoll.config.json:5:1: serve.ready: invalid value [value.invalid]',
        '  found     5 (a number)',
        '  expected  a method and a path, such as GET /health',
        'plimsoll.config.json:6:1: serve.timeout: invalid quantity [value.invalid-quantity]',
        '  found     30 (a number)',
        '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m',
        '  instead   "30s" or "30ms"',
      ),
    );
  });

  test('is no part of what a plain run starts', async () => {
    const files = {
      'plimsoll.config.json': '{ "serve": { "start": "npm start", "ready": "GET /" } }',
      'a.yaml': `${base}steps: [GET /a]\n`,
    };
    const plan = await inWorkspace(files, cwd =>
      loadPlan({ kind: 'file', file: 'a.yaml' }, { cwd, env: {} }),
    );
    assert.equal(plan.serve, null);
  });
});
