import { duration, number, percent } from '../../src/words/quantity-text.ts';
import type { Behaviour } from '../../test/target/script.ts';
import { quantileOf } from '../median.ts';
import { runPeer } from '../peer-run.ts';
import type { Quantile, Report } from '../peers/peer.ts';
import type { Setting } from '../setting.ts';
import { type Situation, situations, type Truth } from '../situations.ts';
import type { Table } from '../table.ts';
import { startScripted } from '../targets/scripted.ts';
import type { Measured } from './section.ts';

/** How far a figure may lie from the truth: times by 1% or 1 ms, shares by a tenth of a percentage point. */
const tolerance = { relative: 0.01, ms: 1, share: 0.001 };

/** What one generator said in one situation. */
export interface Statement {
  readonly peer: string;
  readonly situation: string;
  readonly model: 'open' | 'closed';
  /** Null where it ended without one. */
  readonly report: Report | null;
  readonly problem: string | null;
  /** By how much the target itself was late at a quantile. */
  readonly targetLateMs: { readonly [quantile in Quantile]?: number };
}

const shares: { readonly [quantile in Quantile]: number } = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  'p97.5': 0.975,
  p99: 0.99,
  max: 1,
};

/** What each generator reports where the truth is known. */
export async function measureTruth(setting: Setting): Promise<Measured> {
  const path = (peer: string, situation: Situation) => `/${peer}${situation.path}`;
  const target = await startScripted(
    Object.fromEntries(
      situations.flatMap(each => setting.all.map(({ name }) => [path(name, each), keptAlive(each.target)])),
    ),
  );
  const statements: Statement[] = [];
  try {
    for (const situation of situations) {
      for (const peer of setting.all) {
        const rate = peer.hasRate ? situation.load.rate : null;
        const url = target.url + path(peer.name, situation);
        const run = await runPeer(peer, { ...situation.load, rate, url });
        if (run === null) continue;
        const { held } = await target.counts();
        statements.push({
          peer: peer.name,
          situation: situation.name,
          model: rate === null ? 'closed' : 'open',
          report: run.state === 'reported' ? run.report : null,
          problem: run.state === 'failed' ? run.problem : null,
          targetLateMs: lateness(situation, held[path(peer.name, situation)] ?? []),
        });
        setting.say(`truth ${peer.name}: ${situation.name}`);
      }
    }
  } finally {
    await target.stop();
  }
  return { tables: [truthTable(statements, setting)], figures: statements };
}

/**
 * By how much the target itself held answers longer than it should have, at each quantile that is compared. Not known of a
 * target that pauses: how many of its answers are held depends on how many the generator asks for meanwhile.
 */
function lateness({ target, truths }: Situation, held: readonly number[]): Statement['targetLateMs'] {
  if (target.stall || held.length === 0) return {};
  return Object.fromEntries(
    truths.flatMap(({ of, value }) =>
      of === 'requests' || of === 'errorShare'
        ? []
        : [[of, Math.max(0, quantileOf(held, shares[of]) - value)]],
    ),
  );
}

/** Says that the connection stays open, unless it does not: a client of HTTP/1.0, such as ab, would wait for its end. */
function keptAlive(target: Behaviour): Behaviour {
  return { ...target, headers: { connection: 'keep-alive', ...target.headers } };
}

/** What was said beside the truth, and whether it is right. */
export function truthTable(statements: readonly Statement[], setting: Pick<Setting, 'all'>): Table {
  const statement = (peer: string, { name }: Situation) =>
    statements.find(each => each.peer === peer && each.situation === name);
  const rows = situations.flatMap(situation =>
    situation.truths.map((truth, index) => [
      index === 0 ? situation.name : '',
      nameOf(truth),
      shown(truth, truth.value),
      ...setting.all.map(({ name }) => said(statement(name, situation), truth)),
    ]),
  );
  const right = (column: number) => rows.filter(row => row[column]?.endsWith('✓')).length;
  const wrong = (column: number) => rows.filter(row => row[column]?.endsWith('✗')).length;
  const column = (index: number) => index + 3;
  return {
    title: 'The truth table',
    method:
      'What each generator reports of a target whose behaviour is scripted, beside the truth; generator on one core, target on the other. ✓ means that counts are exact, shares within 0.1 percentage points and times within 1% or 1 ms of what the target did. – means that the generator cannot send such a load or does not report the figure.',
    columns: [
      { title: 'the target', align: 'left' },
      { title: 'figure', align: 'left' },
      { title: 'truth', align: 'right' },
      ...setting.all.map(({ name, hasRate }) => ({
        title: hasRate ? name : `${name} (closed)`,
        align: 'right' as const,
      })),
    ],
    rows: [
      ...rows,
      [
        'right / wrong',
        '',
        '',
        ...setting.all.map((_, index) => `${right(column(index))} / ${wrong(column(index))}`),
      ],
    ],
    notes: [
      'Generators with a fixed number of connections had 20, and 120 for the answers of 6 s. Those marked (closed) cannot send at a rate, and their number of requests is not judged.',
      latenessNote(statements),
      ...failureNotes(statements),
    ],
  };
}

function latenessNote(statements: readonly Statement[]): string {
  const all = statements.flatMap(({ targetLateMs }) => Object.values(targetLateMs));
  return `The target logs how long it held each answer: at the quantiles compared it was later than its script by ${duration(quantileOf(all, 0.5))} at the median of all runs and by ${duration(Math.max(...all))} in the worst. A reported time may lie above the truth by as much as the target was late in that run.`;
}

/** Why there are reports missing, each reason once. */
function failureNotes(statements: readonly Statement[]): readonly string[] {
  const reasons = statements.flatMap(({ peer, problem }) =>
    problem === null ? [] : [`${peer}: ${problem.replaceAll('`', "'").slice(0, 120)}`],
  );
  return reasons.length === 0 ? [] : [`† Ended without a report. ${[...new Set(reasons)].join('; ')}`];
}

function nameOf({ of }: Truth): string {
  return of === 'errorShare' ? 'errors' : of;
}

function shown({ of }: Truth, value: number): string {
  if (of === 'requests') return number(value, 9);
  return of === 'errorShare' ? percent(value) : duration(value);
}

function said(statement: Statement | undefined, truth: Truth): string {
  if (!statement) return '–';
  const { report, model, targetLateMs } = statement;
  if (report === null) return '† ✗';
  if (truth.of === 'requests') {
    if (model === 'closed') return '–';
    return `${shown(truth, report.requests)} ${report.requests === truth.value ? '✓' : '✗'}`;
  }
  if (truth.of === 'errorShare') {
    // No request, no share: it says nothing about errors, right or wrong.
    if (report.requests === 0) return '–';
    const share = report.errors / report.requests;
    return `${shown(truth, share)} ${Math.abs(share - truth.value) <= tolerance.share ? '✓' : '✗'}`;
  }
  const value = report.latencyMs[truth.of];
  if (value === undefined) return '–';
  const most = Math.max(tolerance.ms, truth.value * tolerance.relative);
  const bound = report.atLeast.includes(truth.of) ? '≥ ' : '';
  const late = value - truth.value;
  const isRight = late >= -most && late <= most + (targetLateMs[truth.of] ?? 0);
  return `${bound}${shown(truth, value)} ${isRight ? '✓' : '✗'}`;
}
