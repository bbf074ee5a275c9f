import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { place, scenarioOf } from './command-line.ts';

const url = ['run', '--url', 'http://127.0.0.1:1/', '--rate', '5/s', '--duration', '1s'];

describe('a command line', () => {
  test('is refused where a flag lacks its value, whichever flag', async t => {
    const at = await place(t);
    for (const flag of [
      ...['--url', '--json', '--out', '--budgets', '--target', '--rate', '--users', '--duration'],
      ...['--method', '--body', '--timeout', '--warmup', '--workers', '--format', '--pacing'],
      ...['--header', '--allow-host'],
    ]) {
      for (const rest of [[], ['--quiet']]) {
        const { code, stderr } = await at.run(['run', flag, ...rest]);
        assert.equal(code, 2, `${flag}: ${stderr}`);
        assert.match(stderr, new RegExp(`^${flag}: the flag needs a value \\[command\\.missing-value\\]\n`));
        assert.doesNotMatch(stderr, /\n\s+at /);
      }
    }
  });

  test('is refused where a flag of one value has several, whichever flag', async t => {
    const at = await place(t);
    for (const flag of [
      ...['--url', '--json', '--out', '--budgets', '--target', '--rate', '--duration', '--method'],
      ...['--body', '--timeout', '--warmup', '--workers'],
    ]) {
      const { code, stderr } = await at.run(['run', flag, 'a', flag, 'b']);
      assert.equal(code, 2, `${flag}: ${stderr}`);
      assert.equal(
        stderr,
        `${flag}: the flag is given more than once [command.repeated-flag]\n  found     2 values\n  expected  one value\n`,
      );
    }
    for (const values of [
      ['--users', '1', '--users', '2'],
      ['--format', 'json', '--format', 'json'],
      ['--pacing', 'auto', '--pacing', 'auto'],
    ]) {
      const { code, stderr } = await at.run(['run', ...values]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`^${values[0]}: .*\n {2}found {5}2 values`));
    }
    const judging = await at.run(['judge', 'a.json', '--out', 'a', '--out', 'b']);
    assert.match(judging.stderr, /^--out: .*\n {2}found {5}2 values/);
  });

  test('is refused with the nearest command or flag, and the help of its own command', async t => {
    const at = await place(t);
    const cases: readonly (readonly [argv: string, ...instead: string[]])[] = [
      ['rnu a.yaml', 'plimsoll run'],
      ['frobnicate', 'plimsoll --help'],
      ['baseline lst', 'plimsoll baseline list'],
      ['baseline', 'plimsoll baseline --help'],
      ['run --rat 5/s --zzz=1', '--rate; plimsoll run --help lists all flags', 'plimsoll run --help'],
      ['run --no-colour', 'plimsoll run --help'],
      ['baseline save --otu x', '--out; plimsoll baseline save --help lists all flags'],
      ['judge a.json b.json', 'plimsoll judge --help'],
      ['compare a.json', 'plimsoll compare --help'],
      ['run http://127.0.0.1:3000/a', '--duration 10s', '--rate 100/s or --users 10'],
    ];
    for (const [argv, ...instead] of cases) {
      const { code, stderr } = await at.run(argv.split(' '));
      assert.equal(code, 2, `${argv}: ${stderr}`);
      assert.deepEqual(
        [...stderr.matchAll(/^ {2}instead {3}(.+)$/gm)].map(([, advice]) => advice),
        instead,
        stderr,
      );
    }
  });

  test('may name hosts and headers more than once', async t => {
    const at = await place(t);
    const hosts = ['--allow-host', 'a.test', '--allow-host', 'b.test'];
    const headers = ['--header', 'a: 1', '--header', 'b: 2'];
    const { code, stdout, stderr } = await at.run([...url, ...hosts, ...headers, '--dry-run']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a: 1\n +b: 2/);
  });

  test('takes what follows -- for scenarios, even where it looks like a flag', async t => {
    const at = await place(t);
    await at.write('scenarios/-x.yaml', scenarioOf('dashed', 1));
    await at.write('scenarios/other.yaml', scenarioOf('other', 1));
    const { code, stdout, stderr } = await at.run(['run', '--dry-run', '--', '-x']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^dashed: nothing is sent/);
    assert.doesNotMatch(stdout, /other/);
  });

  test('is refused where two documents want standard output', async t => {
    const at = await place(t);
    const { code, stderr } = await at.run([...url, '--json', '-', '--format', 'markdown']);
    assert.equal(code, 2);
    assert.match(stderr, /^--json -: .*\n {2}found {5}--format markdown as well/);
  });
});

describe('help', () => {
  test('says what each command does with --out', async t => {
    const at = await place(t);
    const help = async (command: string) => {
      const { log } = console;
      const lines: string[] = [];
      console.log = (text: string) => lines.push(text);
      try {
        await at.run([command, '--help']);
      } finally {
        console.log = log;
      }
      return lines.join('\n').replaceAll(/\s+/g, ' ');
    };
    assert.match(await help('run'), /--out Folder for reports, records and logs \[default: reports\]/);
    for (const command of ['judge', 'report']) {
      assert.match(
        await help(command),
        /--out Folder to write report\.md, report\.html and summary\.json into \[default: none\]/,
      );
    }
  });
});

describe('an exception that nobody expected', () => {
  test('is told as a bug with its trace, and is no verdict', async t => {
    const at = await place(t);
    const stdout = {
      write() {
        throw new RangeError('a bug for the test');
      },
      isTTY: false,
      columns: undefined,
    };
    const { code, stderr } = await at.run([...url, '--dry-run'], { stdout });
    assert.equal(code, 70);
    assert.match(stderr, /^This is a bug in Plimsoll .*\nRangeError: a bug for the test\n +at /);
  });
});
