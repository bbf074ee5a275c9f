import { execFileSync } from 'node:child_process';
import { judge } from '../../src/index.ts';
import type { Verdict } from '../../src/model/judgement/verdict.ts';
import type { RunRecord } from '../../src/model/run/record.ts';
import { millis, millisToMicros } from '../../src/model/units.ts';
import { Histogram } from '../../src/stats/histogram.ts';
import type { Behaviour } from '../../test/target/script.ts';
import { startTarget } from '../../test/target/target.ts';
import { startBusyLoops } from '../busy-loops.ts';
import { generatorCore, targetCore } from '../cores.ts';
import { quantileOf } from '../median.ts';
import { runPeer } from '../peer-run.ts';
import type { Peer } from '../peers/peer.ts';
import { recordIn } from '../peers/plimsoll.ts';
import type { Setting } from '../setting.ts';
import type { Measured } from './section.ts';
import { latenessTable, type SpoiltRun, verdictTable } from './validity-tables.ts';

const usualRuns = 50;
const usualSeconds = 2;
const rate = 100;
/** What else runs on the two cores, by loops that each take one as far as they get it. */
const machines = [
  { machine: 'quiet', loops: 0 },
  { machine: 'one core busy', loops: 1 },
  { machine: 'two cores busy', loops: 2 },
  { machine: 'four busy loops', loops: 4 },
];
const limitMs = 100;
/** Looser than the 1 % of those who have no budgets, which so few requests cannot prove. */
const budgets = { defaults: { p95: `${limitMs}ms`, errorRate: '2%' } } as const;
const servers: readonly { readonly server: string; readonly behaviour: Behaviour }[] = [
  { server: '5 ms', behaviour: { delayMs: 5 } },
  { server: '500 in 5 ms', behaviour: { delayMs: 5, status: 500 } },
  { server: '150 ms', behaviour: { delayMs: 150 } },
];
const cores = `${targetCore},${generatorCore}`;

/** What Plimsoll says on busy machines of servers that are known to be right, wrong and slow. */
export async function measureValidity(setting: Setting): Promise<Measured> {
  const count = setting.runs ?? usualRuns;
  const seconds = setting.seconds ?? usualSeconds;
  const runs: SpoiltRun[] = [];
  for (const { machine, loops } of machines) {
    for (const { server, behaviour } of servers) {
      const busy = await startBusyLoops(loops, cores);
      const paths = Array.from({ length: count }, (_, index) => `/${index + 1}`);
      const target = await startTarget(Object.fromEntries(paths.map(path => [path, behaviour])));
      try {
        if (target.process.pid !== undefined) pin(target.process.pid);
        for (const path of paths) {
          const made = await runPeer(
            onceOnly(setting.plimsoll),
            { url: target.url + path, method: 'GET', seconds, connections: 20, timeoutSeconds: 10, rate },
            { isFree: true, keep: recordIn },
          );
          if (made === null || made.state === 'failed') throw new Error(`plimsoll: ${made?.problem}`);
          const { kept: record, ended } = made;
          if (record === null) throw new Error('plimsoll: no record');
          const held = (await target.counts()).held[path] ?? [];
          const isWrong = (behaviour.status ?? 200) >= 400;
          runs.push({
            ...{ machine, server, exitCode: ended.code, ...latenessIn(record) },
            without: { verdict: judge(record).judgement.verdict, holds: !isWrong },
            with: { verdict: withBudgets(record), holds: !isWrong && quantileOf(held, 0.95) <= limitMs },
          });
          setting.say(`validity ${machine}, ${server}, ${path.slice(1)} of ${count}: exit ${ended.code}`);
        }
      } finally {
        await target.stop();
        await busy.stop();
      }
    }
  }
  const method = { count, seconds, rate, limitMs };
  return { tables: [verdictTable(runs, method), latenessTable(runs, method)], figures: runs };
}

/** Without a second attempt, which would hide how often the first is spoilt. */
function onceOnly(peer: Peer): Peer {
  return {
    ...peer,
    command(load, folder) {
      const command = peer.command(load, folder);
      return command && { ...command, args: [...command.args, '--retries', '0'] };
    },
  };
}

/** Keeps a process with all its threads to the two cores that the loops keep busy. */
function pin(pid: number): void {
  execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
}

/** By the same record: budgets change what is said of a load, and never what is sent. */
function withBudgets(record: RunRecord): Verdict {
  return judge(record, budgets).judgement.verdict;
}

function latenessIn(record: RunRecord): Pick<SpoiltRun, 'requests' | 'late' | 'othersShare'> {
  const { sendLag, cpu = null } = record.measurement.generator;
  const lag = Histogram.decode(sendLag);
  const laterThan = (ms: number) => lag.countAbove(millisToMicros(millis(ms)));
  return {
    requests: lag.count,
    late: { 50: laterThan(50), 100: laterThan(100) },
    othersShare: cpu?.others ?? null,
  };
}
