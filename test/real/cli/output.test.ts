import assert from 'node:assert/strict';
import { mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Summary } from '../../../src/report/summary/summary-schema.ts';
import { recordText } from '../../../src/store/records/record-file.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';
import { type Place, place, scenarioOf } from './command-line.ts';

let target: ScriptedTarget;
before(async () => {
  target = await startTarget({ '/ok': {}, '/broken': { status: 500 } });
});
after(() => target.stop());

const load = (at: Place, ...more: string[]) => [
  ...['run', '--url', `${target.url}/ok`, '--rate', '20/s', '--duration', '1s'],
  ...['--out', join(at.folder, 'reports'), ...more],
];
const sent = async () => (await target.counts()).connections;

describe('a dry run', () => {
  test('is a JSON document where one is asked for, on standard output or in a file', async t => {
    const at = await place(t);
    await at.write('a.yaml', scenarioOf('a', 1));
    const file = join(at.folder, 'plan.json');
    for (const more of [
      ['--json', '-'],
      ['--format', 'json'],
      ['--json', file, '--format', 'json'],
    ]) {
      const { code, stdout, stderr } = await at.run(['run', 'a.yaml', '--dry-run', ...more]);
      assert.equal(code, 0, stderr);
      const { dryRun, runs } = JSON.parse(stdout);
      assert.equal(dryRun, true);
      const [{ scenario, endpoints }] = runs;
      assert.equal(scenario, 'a');
      assert.deepEqual(
        [endpoints[0].name, endpoints[0].requests, endpoints[0].hasBudget],
        ['GET /ok', 20, false],
      );
      assert.match(endpoints[0].sample, /^GET \/ok HTTP\/1\.1\r\n/);
    }
    const { stdout } = await at.run(['run', 'a.yaml', '--dry-run', '--json', file]);
    assert.match(stdout, /^a: nothing is sent/);
    assert.equal(JSON.parse(await at.read('plan.json')).dryRun, true);
  });

  test('has no report to be printed as Markdown', async t => {
    const at = await place(t);
    await at.write('a.yaml', scenarioOf('a', 1));
    const { code, stderr } = await at.run(['run', 'a.yaml', '--dry-run', '--format', 'markdown']);
    assert.equal(code, 2);
    assert.match(stderr, /^--dry-run: /);
  });
});

describe('a run', () => {
  test('prints what is asked for, however quiet', async t => {
    const at = await place(t);
    const markdown = await at.run(load(at, '--quiet', '--format', 'markdown'));
    assert.equal(markdown.stdout, await at.read('reports/report.md'));
    const json = await at.run(load(at, '--quiet', '--format', 'json'));
    assert.equal(json.stdout, await at.read('reports/summary.json'));
    const quiet = await at.run(load(at, '--quiet'));
    assert.match(quiet.stdout, /^[A-Z]+: url .*\n$/);
    assert.equal(quiet.stderr, '');
  });

  test('sends nothing where any of its outputs cannot be written', async t => {
    const at = await place(t);
    await at.write('afile', 'a file');
    await mkdir(join(at.folder, 'adir'));
    await mkdir(join(at.folder, 'taken', 'report.md'), { recursive: true });
    await mkdir(join(at.folder, 'summed', 'summary.json'), { recursive: true });
    const before = await sent();
    const inside = (...names: string[]) => join(at.folder, ...names);
    for (const [flags, where] of [
      [['--json', inside('afile', 'x.json')], /afile\/x\.json/],
      [['--json', inside('adir')], /adir: .*\n.*it is a folder/],
      [['--json', '/proc/x.json'], /\/proc\/x\.json/],
      [['--out', inside('taken')], /taken\/report\.md/],
      [['--out', inside('summed')], /summed\/summary\.json/],
      [['--out', inside('afile')], /afile\/runs/],
    ] as const) {
      if (String(flags[1]).startsWith('/proc') && process.platform !== 'linux') continue;
      const command = flags[0] === '--out' ? load(at).slice(0, -2) : load(at);
      const { code, stdout, stderr } = await at.run([...command, ...flags]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, where);
    }
    assert.equal(await sent(), before);
  });

  test('tells its verdict first where an output cannot be written in the end after all', async t => {
    const at = await place(t);
    const reports = join(at.folder, 'reports');
    const running = at.run(load(at));
    const before = await sent();
    while ((await sent()) === before) await new Promise(later => setTimeout(later, 20));
    await mkdir(join(reports, 'report.md'));
    const { code, stdout, stderr } = await running;
    assert.equal(code, 2);
    assert.match(stdout, /^\S [A-Z]+: url [\s\S]*\n {2}summary {2}.*summary\.json\n/);
    assert.doesNotMatch(stdout, /\n {2}report {3}.*report\.md/);
    assert.match(stderr, /reports\/report\.md: the output cannot be written/);
    assert.equal(JSON.parse(await at.read('reports/summary.json')).runs[0].total.requests, 20);
  });

  test('writes its summary through a link, and to what is no file', async t => {
    const at = await place(t);
    await at.write('elsewhere/summary.json', 'old');
    await symlink(join(at.folder, 'elsewhere', 'summary.json'), join(at.folder, 'link.json'));
    await at.run(load(at, '--json', join(at.folder, 'link.json')));
    assert.equal(JSON.parse(await at.read('elsewhere/summary.json')).schemaVersion, 1);
    const { code } = await at.run(load(at, '--json', '/dev/null'));
    assert.notEqual(code, 2);
    assert.ok((await stat('/dev/null')).isCharacterDevice(), '/dev/null is still a device');
  });
});

describe('several scenarios', () => {
  test('each have their place in the report, though one has no API and one no address', async t => {
    const at = await place(t);
    const serve = 'serve: { start: echo no database here; exit 3, ready: GET / }\n';
    await at.write('items.yaml', scenarioOf('items', target.port));
    await at.write('dead.yaml', scenarioOf('dead', 1, serve));
    await at.write('lost.yaml', scenarioOf('lost', 1).replace('127.0.0.1', 'no-such-host.invalid'));
    await at.write('last.yaml', scenarioOf('last', target.port));
    await at.write('reports/report.md', 'an older report');
    const out = join(at.folder, 'reports');
    const files = ['dead.yaml', 'items.yaml', 'lost.yaml', 'last.yaml'];
    const { code, stdout, stderr } = await at.run(['run', ...files, '--out', out]);
    assert.equal(code, 3, stderr);
    const { verdict, exitCode, runs } = JSON.parse(await at.read('reports/summary.json'));
    assert.deepEqual([verdict, exitCode], ['invalid', 3]);
    assert.deepEqual(
      runs.map((run: { scenario: string; completion: string; total: { ok: number } }) => [
        run.scenario,
        run.completion,
        run.total.ok,
      ]),
      [
        ['dead', 'notStarted', 0],
        ['items', 'complete', 20],
        ['lost', 'notStarted', 0],
        ['last', 'complete', 20],
      ],
    );
    assert.match(
      runs[0].invalidBecause[0],
      /^nothing was sent: the API ended before it was ready: exit code 3; .*no database here$/,
    );
    assert.match(
      runs[2].invalidBecause[0],
      /^nothing was sent: .*does not resolve: no address for no-such-host\.invalid/,
    );
    const report = await at.read('reports/report.md');
    assert.match(report, /no database here[\s\S]*`items`/);
    assert.doesNotMatch(report, /an older report/);
    assert.match(stdout, /no database here/);
    assert.match(stderr, /found {5}exit code 3; it wrote last:\n {4}no database here\n/);
  });

  test('name what failed first, and begin with a table, worst first, where another is no measurement', async t => {
    const at = await place(t);
    await at.write('dead.yaml', scenarioOf('dead', 1, 'serve: { start: exit 3, ready: GET / }\n'));
    await at.write('items.yaml', scenarioOf('items', target.port));
    await at.write('broken.yaml', scenarioOf('broken', target.port).replace('/ok', '/broken'));
    const files = ['items.yaml', 'dead.yaml', 'broken.yaml'];
    const { code, stdout } = await at.run(['run', ...files, '--out', join(at.folder, 'reports')]);
    assert.equal(code, 1, stdout);
    const { verdict, exitCode, runs } = JSON.parse(await at.read('reports/summary.json'));
    assert.deepEqual([verdict, exitCode], ['fail', 1]);
    assert.deepEqual(
      runs.map((run: Summary['runs'][number]) => [run.scenario, run.firm, run.invalidBecauseCodes]),
      [
        ['items', false, []],
        ['dead', false, ['notStarted']],
        ['broken', true, []],
      ],
    );
    const report = await at.read('reports/report.md');
    assert.match(
      report,
      /^\S+ \*\*FAIL\*\*: 1 of 3 scenarios broke a budget: `broken` \(total error rate was 100%, limit 1%\); 1 is not a measurement: `dead` \(nothing was sent\)\.\n/,
    );
    const rows = [...report.matchAll(/^\| `(\w+)` \| \S+ (\w+)/gm)].map(([, ...row]) => row).slice(0, 3);
    assert.deepEqual(rows.slice(0, 2), [
      ['broken', 'fail'],
      ['dead', 'invalid'],
    ]);
    assert.match(
      stdout,
      /\nbroken +✗ fail +20 .* total errorRate 100% \(≤ 1%\)\ndead +⊘ invalid .*nothing was sent\nitems /,
    );
  });

  test('send nothing where one of them is wrong, and leave an older report alone', async t => {
    const at = await place(t);
    await at.write('items.yaml', scenarioOf('items', target.port));
    await at.write('wrong.yaml', scenarioOf('wrong', 1).replace('rate', 'rat'));
    await at.write('reports/report.md', 'an older report');
    const serve = 'serve: { start: node api.js, ready: GET / }\n';
    await at.write('taken.yaml', scenarioOf('taken', target.port, serve));
    const before = (await target.counts()).requests;
    for (const other of ['wrong.yaml', 'taken.yaml']) {
      const { code } = await at.run(['run', 'items.yaml', other, '--out', join(at.folder, 'reports')]);
      assert.equal(code, 2, other);
    }
    assert.equal((await target.counts()).requests, before);
    assert.equal(await at.read('reports/report.md'), 'an older report');
  });
});

describe('judging a record again', () => {
  test('writes reports where it is told, and says where it could not', async t => {
    const at = await place(t);
    await at.run(load(at));
    const { runs } = JSON.parse(await at.read('reports/summary.json'));
    const { stdout } = await at.run(load(at));
    const record = /record {3}(.*)\n/.exec(stdout)?.[1] ?? '';
    assert.equal(runs.length, 1);
    const again = join(at.folder, 'again');
    assert.equal((await at.run(['report', record, '--out', again])).code, 0);
    assert.match(await at.read('again/report.md'), /url/);
    await at.write('afile', '');
    for (const command of ['judge', 'report']) {
      const said = await at.run([command, record, '--out', join(at.folder, 'afile')]);
      assert.equal(said.code, 2, command);
      assert.match(said.stdout, /url/);
      assert.match(said.stderr, /afile\/report\.md: the output cannot be written/);
    }
  });
});

describe('--report', () => {
  const placed = async (t: TestContext) => {
    const at = await place(t);
    const stored = await at.write('run.json', recordText(exampleRecord({ warmupS: 0, stagesS: [1] })));
    const asked = (...more: string[]) => at.run(['report', stored, ...more]);
    return { ...at, asked, inside: (file: string) => join(at.folder, file) };
  };

  test('writes each format that is asked for, into the folder or where it is told', async t => {
    const at = await placed(t);
    const { code, stderr } = await at.asked(
      ...['--report', `junit=${at.inside('ci/junit.xml')}`, '--report', 'csv', '--report', 'gitlab-quality'],
      ...['--out', at.inside('reports')],
    );
    assert.equal(code, 0, stderr);
    assert.match(await at.read('ci/junit.xml'), /^<\?xml .*\n<testsuites>/);
    assert.match(await at.read('reports/figures.csv'), /^scenario,/);
    const [issue] = JSON.parse(await at.read('reports/gl-code-quality-report.json'));
    assert.equal(issue.severity, 'info', 'a second tells little of errors');
  });

  test('can stand in the settings, where a flag replaces it', async t => {
    const at = await placed(t);
    await at.write('plimsoll.config.json', { reports: ['junit', `prometheus=${at.inside('a.prom')}`] });
    const { code, stderr } = await at.asked(
      ...['--out', at.inside('out'), '--report', `prometheus=${at.inside('b.prom')}`],
    );
    assert.equal(code, 0, stderr);
    assert.match(await at.read('out/junit.xml'), /<testsuites>/);
    assert.match(await at.read('out/report.md'), /browse-bills/);
    assert.match(await at.read('b.prom'), /^plimsoll_verdict/m);
    await assert.rejects(at.read('a.prom'), 'the flag says another place');
  });

  for (const [written, said] of [
    ['junti', /found {5}"junti"\n.*one of markdown, html, json,.*\n {2}instead {3}junit\n/s],
    ['terminal=x', /one of markdown/],
    ['junit=', /--report/],
    ['junit=-x', /begins with no dash/],
    ['__proto__', /one of markdown/],
    ['', /--report/],
  ] as const) {
    test(`refuses ${JSON.stringify(written)}`, async t => {
      const at = await placed(t);
      const { code, stderr } = await at.asked(`--report=${written}`);
      assert.equal(code, 2);
      assert.match(stderr, said);
    });
  }

  test('refuses one file for two formats', async t => {
    const at = await placed(t);
    const { code, stderr } = await at.asked('--report', 'junit=a', '--report', 'csv=a');
    assert.equal(code, 2);
    assert.match(stderr, /a for junit and for csv/);
  });
});
