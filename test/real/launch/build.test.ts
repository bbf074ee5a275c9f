import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type BuildCommand, type BuildOptions, build } from '../../../src/launch/process/build.ts';
import type { ProcessGroup } from '../../../src/launch/process/process-group.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { isRunning } from './api.ts';

function site(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-build-'));
  const logFile = join(directory, 'logs', 'build.log');
  const groups: ProcessGroup[] = [];
  t.after(async () => {
    for (const group of groups) await group.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    directory,
    logFile,
    groups,
    log: () => readFileSync(logFile, 'utf8'),
    build: (commands: readonly BuildCommand[], options: Partial<BuildOptions> = {}) =>
      build(commands, {
        directory,
        env: process.env,
        logFile,
        onStart: group => groups.push(group),
        ...options,
      }),
  };
}

const install = (command: string) => ({ name: 'install', command }) as const;
const make = (command: string) => ({ name: 'build', command }) as const;

/** Checks that a build fails with a problem whose words are these. */
const failsWith = (words: { readonly where: string; readonly found: RegExp }) => (error: unknown) => {
  assert.ok(error instanceof PlimsollError, `${error}`);
  assert.equal(error.exitCode, 2);
  const [problem] = error.problems;
  assert.equal(problem?.code, 'build.failed');
  assert.equal(problem?.where, words.where);
  assert.match(problem?.found ?? '', words.found);
  return true;
};

const untilExists = async (file: string) => {
  while (!existsSync(file)) await new Promise(later => setTimeout(later, 10));
};

describe('a build', () => {
  test('runs its commands one after another, in its folder and environment, and logs what they write', async t => {
    const at = site(t);
    await at.build(
      [install('sleep 0.2; echo one > made; echo installed'), make('cat made; echo $COLOUR >&2')],
      {
        env: { ...process.env, COLOUR: 'teal' },
      },
    );
    assert.equal(at.log(), 'installed\none\nteal\n');
    await at.build([make('echo again')]);
    assert.equal(at.log(), 'installed\none\nteal\nagain\n');
  });

  test('of no commands does nothing', async t => {
    const at = site(t);
    await at.build([]);
    assert.deepEqual(at.groups, []);
  });

  test('ends with the first command that fails, and tells what that one wrote last', async t => {
    const at = site(t);
    const work = at.build([install('echo fetched'), make('echo no such file; exit 7'), make('echo never')]);
    await assert.rejects(
      work,
      failsWith({
        where: 'build `echo no such file; exit 7`',
        found: /^exit code 7; it wrote last:\n {4}no such file$/,
      }),
    );
    assert.equal(at.log(), 'fetched\nno such file\n');
  });

  const failures: readonly (readonly [what: string, command: string, found: RegExp])[] = [
    ['is not found', 'plimsoll-no-such-command', /^exit code 127, command not found; it wrote last:/],
    ['is killed', 'kill -9 $$', /^it was ended by SIGKILL; it wrote nothing$/],
  ];
  for (const [what, command, found] of failures) {
    test(`fails where its command ${what}`, async t => {
      await assert.rejects(
        site(t).build([install(command)]),
        failsWith({ where: `install \`${command}\``, found }),
      );
    });
  }

  test('fails where its folder does not exist', async t => {
    const at = site(t);
    const work = at.build([install('true')], { directory: join(at.directory, 'gone') });
    await assert.rejects(
      work,
      failsWith({ where: 'install `true`', found: /could not be started in .*gone/ }),
    );
  });

  test('leaves nothing running that a command started', async t => {
    const at = site(t);
    await at.build([make('sleep 60 & echo $! > pid')]);
    const pid = Number(readFileSync(join(at.directory, 'pid'), 'utf8'));
    assert.ok(pid > 1 && !isRunning(pid), 'it runs no more');
  });

  test('is stopped by a signal with all that it started, and throws its reason', async t => {
    const at = site(t);
    const abort = new AbortController();
    const work = at.build([install('sleep 60 & echo $! > pid; wait'), make('echo never')], {
      signal: abort.signal,
    });
    await untilExists(join(at.directory, 'pid'));
    abort.abort('SIGINT');
    await assert.rejects(work, reason => reason === 'SIGINT');
    const [group] = at.groups;
    assert.ok(group?.isGone(), 'nothing of it is left');
    assert.equal(at.groups.length, 1);
  });

  test('is not begun once the signal was given', async t => {
    const at = site(t);
    const work = at.build([install('true')], { signal: AbortSignal.abort('SIGTERM') });
    await assert.rejects(work, reason => reason === 'SIGTERM');
    assert.deepEqual(at.groups, []);
  });
});
