import { cellsOf, type DuetCell, effectsOf } from '../../src/judge/duet/effects.ts';
import { type CellRuling, type Ruling, ruleRestarts } from '../../src/judge/duet/ruling.ts';
import { termsOf } from '../../src/judge/duet/terms.ts';
import type { DuetReading, Restart } from '../../src/model/duet/duet.ts';
import { usualRegression } from '../../src/model/judgement/regression-policy.ts';
import { allLooks, duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { hash } from '../../src/stats/random.ts';
import { type DrawnUnit, drawRestart, readingsIn, type Setting } from './drawn-restart.ts';
import { changes } from './injected.ts';
import { compared, failuresSeen, rules, shareRules } from './rules.ts';
import { drawRuns, type Run, runsIn } from './sequential-runs.ts';
import type { SlotRecording } from './slot-recording.ts';
import type { Outcome, Played } from './tally.ts';

const streams = { restarts: 1, runs: 2, flips: 3 } as const;
const usualMost = duetLooks.at(-1)?.restarts ?? 0;
const mostContinued = allLooks.at(-1)?.restarts ?? 0;

/**
 * Plays duet number `duet` on recorded slots, once in each setting: restart after restart until Plimsoll's rules say that it
 * is over; then two runs of as many requests, one after the other, by the rules of others. All settings see the same
 * slots. The endpoint that changes, where one does, goes round from duet to duet.
 */
export function playDuet(
  recording: SlotRecording,
  duet: number,
  settings: readonly Setting[],
): readonly Played[] {
  const { header } = recording;
  const restarts: DrawnUnit[] = [];
  const unitAt = (number: number): DrawnUnit => {
    restarts[number] ??= drawRestart(recording, hash(duet, streams.restarts, number));
    return restarts[number];
  };
  const runsOf = new Map<number, ReturnType<typeof drawRuns>>();
  const runsOver = (count: number) => {
    const pairs = count * header.pairsPerRestart;
    const runs = runsOf.get(pairs) ?? drawRuns(recording, pairs, hash(duet, streams.runs, 0));
    runsOf.set(pairs, runs);
    return runs;
  };
  const changed = duet % header.endpoints.length;
  const changedName = header.endpoints[changed] ?? '';
  return settings.map(setting => {
    const startsOf = (restart: number) => unitAt(restart).starts;
    const readings = (restart: number) =>
      readingsIn(unitAt(restart), header.endpoints, setting, changedName, { duet, restart, startsOf });
    const own = judged(number => unitOf(readings(number), number), setting, changedName, duet);
    const runs = runsIn(
      runsOver(Math.min(usualMost, own.restarts)),
      unitAt(0).starts,
      setting,
      changed,
      duet,
    );
    if (setting.trouble?.kind === 'errors') {
      const seen = failuresSeen(setting.trouble, timesOf(runs.base, changed).length, duet);
      return { ...own, rules: shareRules.filter(rule => rule.accuses(seen)).map(({ name }) => name) };
    }
    const asked = setting.rule.kind === 'none' ? header.endpoints.map((_, index) => index) : [changed];
    const seen = asked.map(endpoint => compared(timesOf(runs.base, endpoint), timesOf(runs.head, endpoint)));
    const accusing = rules.filter(rule => seen.some(each => rule.accuses(each, header.endpoints.length)));
    return { ...own, rules: accusing.map(({ name }) => name) };
  });
}

const timesOf = (run: Run, endpoint: number) => run[endpoint] ?? new Float64Array();

/** A restart of which nothing but its readings matters; its number from 0. */
export function unitOf(endpoints: readonly DuetReading[], number: number): Restart {
  return {
    number: number + 1,
    startedAt: '',
    first: 'base',
    warmUpMs: 0,
    isWarm: true,
    loadMs: 0,
    wallMs: 0,
    endpoints,
    cpuUsPerRequest: null,
    sendLagP99Us: { base: 0, head: 0 },
  };
}

/** Judges restarts as a duet of two commits does, look by look, until it is over. */
function judged(
  unitAt: (number: number) => Restart,
  setting: Setting,
  changed: string,
  duet: number,
): Omit<Played, 'rules'> {
  let count = duetLooks[0]?.restarts ?? 0;
  let mostRestarts = usualMost;
  for (;;) {
    const restarts = Array.from({ length: count }, (_, number) => unitAt(number));
    const cells = cellsOf(restarts, []);
    const terms = cells.map(cell => termsOf(cell, restarts, usualRegression, 'restart'));
    const ruling = ruleRestarts(effectsOf(restarts, cells), terms, {
      seed: hash(duet, streams.flips, 0),
      mostRestarts,
    });
    if (ruling.progress.state === 'over') {
      const isOpen = outcomeOf(ruling, cells, false) === 'inconclusive';
      if (setting.trouble?.kind === 'continued' && isOpen && mostRestarts < mostContinued) {
        // The same restarts by the longer plan: they are over by it too, or more are played.
        mostRestarts = mostContinued;
        continue;
      }
      const failing = cells.filter((_, index) => rulingAt(ruling, index)?.status === 'fail');
      const isChanged = ({ endpoint, metric }: DuetCell) =>
        (endpoint === changed || setting.trouble?.kind === 'intermittent') && changesIn(setting, metric.name);
      const isWrong = failing.some(cell => !isChanged(cell));
      const p95 = cells.findIndex(({ endpoint, metric }) => endpoint === changed && metric.name === 'p95');
      const told = rulingAt(ruling, p95)?.estimate ?? null;
      return { outcome: outcomeOf(ruling, cells, failing.some(isChanged)), restarts: count, isWrong, told };
    }
    count = ruling.progress.nextLook;
  }
}

/** Whether a metric of the endpoint is truly worse. */
function changesIn({ rule, trouble }: Setting, metric: string): boolean {
  if (trouble?.kind === 'errors') return metric === 'errorRate' && trouble.head > trouble.base;
  if (trouble?.kind === 'intermittent') return changes({ kind: 'scale', factor: trouble.times - 1 }, metric);
  return changes(rule, metric);
}

function rulingAt(ruling: Ruling, index: number): CellRuling | undefined {
  return ruling.state === 'looked' ? ruling.cells[index] : undefined;
}

/** The worst of all cells: failed, open, warned, passed; a cell that is not required counts where it accuses. */
function outcomeOf(ruling: Ruling, cells: readonly DuetCell[], isCaught: boolean): Outcome {
  const statuses = cells.flatMap(({ required }, index) => {
    const status = rulingAt(ruling, index)?.status ?? 'inconclusive';
    return required || status === 'fail' || status === 'warn' ? [status] : [];
  });
  if (statuses.includes('fail')) return isCaught ? 'caught' : 'accused';
  if (statuses.includes('inconclusive')) return 'inconclusive';
  return statuses.includes('warn') ? 'warned' : 'passed';
}
