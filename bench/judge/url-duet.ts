import { join } from 'node:path';
import { duet, type Scenario } from '../../src/index.ts';
import type { DuetEnd } from '../../src/model/duet/duet.ts';
import type { Verdict } from '../../src/model/judgement/verdict.ts';
import type { Fingerprint } from '../../src/model/run/record.ts';
import { percent, span } from '../../src/words/quantity-text.ts';
import { startTarget } from '../../test/target/target.ts';
import { temporaryFolder } from '../temporary.ts';
import { appendLine, readLines } from './json-lines.ts';
import type { JudgeSetting } from './setting.ts';

/** A real duet of two URLs, as a line of the results. */
export interface UrlDuetLine {
  readonly startedAt: string;
  readonly machine: Fingerprint;
  /** By how much every answer of head is slower: a share. */
  readonly slower: number;
  readonly verdict: Verdict;
  readonly end: DuetEnd['state'];
  readonly rounds: number;
  readonly wallMinutes: number;
}

/** What is played: two instances of one build, and a head that is slower by more than starts explain. */
export const urlChanges = [0, 0.4] as const;

const path = '/letters';
const delayMs = 20;
/** Every fifth answer takes longer, so that p95 is another time than p50. */
const slow = { every: 5, delayMs: 32 };

const scenario: Scenario = {
  name: 'letters',
  target: 'http://127.0.0.1',
  load: { model: 'open', stages: [{ duration: '10s', rate: '200/s' }] },
  journeys: [{ name: 'letters', steps: [`GET ${path}`] }],
};

/** Plays duets of two URLs on this machine, new instances for each; all lines so far are in the results. */
export async function playUrlDuets(setting: JudgeSetting): Promise<void> {
  const duets = setting.duets ?? 1;
  for (let number = 1; number <= duets; number += 1) {
    for (const slower of urlChanges) {
      setting.say(`URLs: duet ${number} of ${duets}, head ${percent(slower)} slower`);
      const line = await playUrlDuet(slower, setting);
      appendLine(urlDuetsFile(setting), line);
      setting.say(`${line.verdict}; ${line.rounds} rounds, ${span(line.wallMinutes * 60_000)}`);
    }
  }
}

/** The duets that were played so far. */
export function urlDuets(setting: Pick<JudgeSetting, 'results' | 'say'>): readonly UrlDuetLine[] {
  return readLines<UrlDuetLine>(urlDuetsFile(setting), setting.say);
}

const urlDuetsFile = ({ results }: Pick<JudgeSetting, 'results'>) => join(results, 'url-duets.jsonl');

async function playUrlDuet(slower: number, { machine, signal }: JudgeSetting): Promise<UrlDuetLine> {
  const folder = temporaryFolder('url-duet');
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const started = await Promise.all(
    [1, 1 + slower].map(times =>
      startTarget({
        [path]: { delayMs: delayMs * times, slow: { ...slow, delayMs: slow.delayMs * times } },
      }),
    ),
  );
  try {
    const [base = '', head = ''] = started.map(({ url }) => url);
    const { judgement, record } = await duet(scenario, {
      ...{ cwd: folder.path, base, head, slot: '250ms', pairs: 3, signal },
    });
    return {
      ...{ startedAt, machine, slower, verdict: judgement.verdict, end: record.end.state },
      rounds: record.restarts.length,
      wallMinutes: (performance.now() - began) / 60_000,
    };
  } finally {
    for (const target of started) await target.stop();
    folder.remove();
  }
}
