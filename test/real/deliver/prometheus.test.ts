import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { deliverAll } from '../../../src/pipeline/delivery/deliver.ts';
import { openDeliveries } from '../../../src/pipeline/delivery/deliveries.ts';
import { runDocument } from '../../../src/report/document/subject/run-document.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { freePort } from '../../target/free-port.ts';
import { place } from '../cli/command-line.ts';

/** Where a program of Debian's packages is not installed, the test says so. */
function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter(program => spawnSync(program, ['--version']).error !== undefined);
  return (
    absent.length > 0 &&
    `not installed: ${absent.join(', ')} (apt-get install prometheus prometheus-pushgateway)`
  );
}

function start(t: TestContext, program: string, argv: readonly string[]): void {
  const child: ChildProcess = spawn(program, argv, { stdio: 'ignore' });
  t.after(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
}

async function json(url: string): Promise<{ readonly data: { readonly result: readonly unknown[] } } | null> {
  const answer = await fetch(url).catch(() => null);
  return answer?.ok ? ((await answer.json()) as never) : null;
}

async function until<Found>(find: () => Promise<Found | null>, what: string): Promise<Found> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found = await find();
    if (found !== null) return found;
    await pause(100);
  }
  return assert.fail(`${what} did not come within 30 s`);
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

describe('the metrics of runs', () => {
  test('are as promtool wants them', { skip: missing('promtool') }, () => {
    const runs = [...Object.values(exampleRuns), severalRuns];
    for (const text of runs.flatMap(one => [runsIn(one, 'prometheus'), runsIn(one, 'gitlab-metrics')])) {
      execFileSync('promtool', ['check', 'metrics'], { input: text });
    }
  });

  const programs = missing('prometheus', 'prometheus-pushgateway');
  test('reach a Prometheus through a push gateway, and every panel of the dashboard finds them', {
    skip: programs,
  }, async t => {
    const [gatewayPort, port] = [await freePort(), await freePort()];
    const { folder } = await place(t);
    const gateway = `127.0.0.1:${gatewayPort}`;
    const config = join(folder, 'prometheus.yml');
    await writeFile(
      config,
      `scrape_configs: [{ job_name: push, honor_labels: true, scrape_interval: 1s, static_configs: [{ targets: ['${gateway}'] }] }]\n`,
    );
    start(t, 'prometheus-pushgateway', [`--web.listen-address=${gateway}`]);
    const address = `127.0.0.1:${port}`;
    const storage = `--storage.tsdb.path=${join(folder, 'data')}`;
    start(t, 'prometheus', [`--config.file=${config}`, `--web.listen-address=${address}`, storage]);
    await until(
      async () => ((await fetch(`http://${gateway}/-/ready`).catch(() => null))?.ok ? true : null),
      'the gateway',
    );

    const { open } = openDeliveries(
      [{ to: 'pushgateway', url: `http://${gateway}`, labels: { branch: 'feature/a b' } }],
      {},
    );
    const pushed = async (name: keyof typeof exampleRuns) =>
      await deliverAll({ document: runDocument(exampleRuns[name] ?? []), exitCode: 0, earlier: [] }, open);
    for (const name of ['fail', 'hostile']) assert.deepEqual(await pushed(name), []);

    const query = async (expr: string) =>
      (await json(`http://${address}/api/v1/query?query=${encodeURIComponent(expr)}`))?.data.result ?? null;
    const found = async (expr: string) =>
      await until(async () => {
        const result = await query(expr);
        return result !== null && result.length > 0 ? result : null;
      }, expr);
    const [verdict] = await found(
      'plimsoll_verdict{scenario="browse-bills",verdict="fail",branch="feature/a b",job="plimsoll"} == 1',
    );
    assert.ok(verdict, 'the verdict is there');
    await found('plimsoll_verdict{scenario=~".*octocat"} == 1');

    const file = new URL('../../../docs/grafana/plimsoll.json', import.meta.url);
    const { panels }: { panels: readonly Panel[] } = JSON.parse(readFileSync(file, 'utf8'));
    const queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const));
    assert.ok(queries.length > 8, `${queries.length} queries`);
    for (const [title, expr] of queries) {
      const result = await query(expr.replaceAll(/\$(?:scenario|endpoint)/g, '.*'));
      assert.ok(result !== null && result.length > 0, `${title}: ${expr} finds nothing`);
    }
  });
});
