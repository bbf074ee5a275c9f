import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { openLog } from '../../../src/launch/process/log.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { redactor } from '../../../src/safety/secret.ts';

const secret = 'hunter2-of-the-database';
const clean = redactor([secret]);
const most = 100_000;

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'plimsoll-log-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const linesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} ${'x'.repeat(80)}\n`).join('');

async function untilEmpty(file: string): Promise<void> {
  while (statSync(file).size > 0) await new Promise(done => setTimeout(done, 10));
}

describe('a log that grows long', () => {
  test('keeps its newest lines, and says in its first that there were others', async t => {
    const at = folder(t);
    const file = join(at, 'api.log');
    const log = openLog(file, clean, most);
    const script = `
      const { writeSync } = require('node:fs');
      let line = 0;
      const timer = setInterval(() => {
        let text = '';
        for (let i = 0; i < 200; i++) text += 'line ' + line++ + ' ${secret} ' + 'x'.repeat(60) + '\\n';
        writeSync(1, text);
        if (line >= 10_000) clearInterval(timer);
      }, 20);`;
    const child = spawn(process.execPath, ['--eval', script], {
      stdio: ['ignore', log.descriptor, 'inherit'],
    });
    await once(child, 'exit');
    const [last] = log.lastLines().slice(-1);
    assert.match(last ?? '', /^line 9999 /);
    await log.end();
    const dropped = log.droppedBytes();
    assert.ok(dropped > 500_000 && dropped < 1_000_000, `${dropped} bytes were dropped`);
    const text = readFileSync(file, 'utf8');
    const [first, ...lines] = text.trimEnd().split('\n');
    assert.match(first ?? '', /^\[Plimsoll dropped the \d+ kB before this, to keep the log under 100 kB\]$/);
    assert.ok(text.length <= most + 100, `${text.length} bytes are kept`);
    assert.ok(lines.length > 300, `${lines.length} lines are kept`);
    assert.match(lines.at(-1) ?? '', /^line 9999 \[redacted\] x+$/);
    assert.doesNotMatch(text, /hunter2/);
    const numbers = lines
      .flatMap(line => (/^line (\d+) .*x{60}$/.exec(line)?.[1] ?? []) as string[])
      .map(Number);
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    assert.deepEqual(readdirSync(at), ['api.log']);
    assert.equal(log.lastLines().at(-1), last);
  });

  test('has one end, wherever its lines are by then', async t => {
    const file = join(folder(t), 'api.log');
    const log = openLog(file, clean, most);
    appendFileSync(file, linesOf(0, 700));
    await untilEmpty(file);
    assert.match(log.lastLines().at(-1) ?? '', /^line 699 /);
    appendFileSync(file, `${secret}\n`);
    const lines = log.lastLines();
    assert.match(lines.at(-2) ?? '', /^line 699 /);
    assert.equal(lines.at(-1), '[redacted]');
    await log.end();
    assert.match(readFileSync(file, 'utf8'), /\nline 699 x+\n\[redacted\]\n$/);
  });

  test('keeps nothing for another run but what fits beside it, and counts only its own lines', async t => {
    const file = join(folder(t), 'api.log');
    writeFileSync(file, linesOf(0, 2_000));
    const log = openLog(file, clean, most);
    await untilEmpty(file);
    assert.deepEqual(log.lastLines(), []);
    appendFileSync(file, 'mine\n');
    assert.deepEqual(log.lastLines(), ['mine']);
    await log.end();
    assert.equal(log.droppedBytes(), 0);
    assert.match(
      readFileSync(file, 'utf8'),
      /^\[Plimsoll dropped [^\n]*\nline \d+ x+\n[\s\S]*\nline 1999 x+\nmine\n$/,
    );
  });

  test('is cut where it grew in the last moment', async t => {
    const file = join(folder(t), 'api.log');
    const log = openLog(file, clean, most);
    appendFileSync(file, linesOf(0, 3_000));
    const ended = log.end();
    await ended;
    const text = readFileSync(file, 'utf8');
    assert.ok(text.length <= most + 100, `${text.length} bytes are kept`);
    assert.match(text, /^\[Plimsoll dropped [^\n]*\nline \d+ x+\n[\s\S]*\nline 2999 x+\n$/);
    assert.ok(log.droppedBytes() > 100_000, `${log.droppedBytes()} bytes were dropped`);
  });

  test('is not written over what has taken its place', async t => {
    const at = folder(t);
    const file = join(at, 'api.log');
    const log = openLog(file, clean, most);
    appendFileSync(file, `${secret}\n`);
    rmSync(file);
    writeFileSync(join(at, 'other'), 'other');
    symlinkSync('other', file);
    await log.end();
    assert.equal(readFileSync(file, 'utf8'), 'other');
    assert.equal(log.droppedBytes(), secret.length + 1);
    assert.deepEqual(readdirSync(at).sort(), ['api.log', 'other']);
  });
});

describe('the place of a log', () => {
  const isRefused = (file: string, found: RegExp) =>
    assert.throws(
      () => openLog(file),
      (error: unknown) => {
        assert.ok(error instanceof PlimsollError, String(error));
        assert.equal(error.problems[0]?.code, 'output.unwritable');
        assert.match(error.problems[0]?.found ?? '', found);
        return true;
      },
    );

  test('is no link, wherever that leads', t => {
    const at = folder(t);
    writeFileSync(join(at, 'other'), 'other');
    for (const target of ['other', 'none', '/dev/null']) {
      const file = join(at, `to-${target.replaceAll('/', '-')}`);
      symlinkSync(target, file);
      isRefused(file, /^it is a symbolic link$/);
    }
    assert.equal(readFileSync(join(at, 'other'), 'utf8'), 'other');
    assert.ok(!readdirSync(at).includes('none'), 'nothing was made');
  });

  test('is no pipe, which would keep it waiting, no device and no folder', t => {
    const at = folder(t);
    execFileSync('mkfifo', [join(at, 'pipe')]);
    isRefused(join(at, 'pipe'), /^it is no regular file$/);
    isRefused('/dev/null', /^it is no regular file$/);
    isRefused(at, /EISDIR/);
  });
});
