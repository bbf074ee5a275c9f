import { join } from 'node:path';
import type { DelayRule } from '../../src/model/delay-rule.ts';
import { span } from '../../src/model/quantity-text.ts';
import type { Fingerprint } from '../../src/model/record.ts';
import { nameOf, titleOf } from './injected.ts';
import { appendLine } from './json-lines.ts';
import { playRealDuet } from './real-duet.ts';
import type { JudgeSetting } from './setting.ts';

/** What one real duet came to. */
export interface DuetResult {
  readonly verdict: string;
  /** The findings that failed. */
  readonly accused: readonly { readonly endpoint: string; readonly metric: string }[];
  readonly units: number;
  /** Of load, both sides together, and from the first start of the command to its end. */
  readonly loadMinutes: number;
  readonly wallMinutes: number;
}

/** A real duet, as a line of the results. */
export interface DuetLine extends DuetResult {
  readonly startedAt: string;
  readonly machine: Fingerprint;
  readonly workload: string;
  readonly rule: DelayRule;
}

/** The file of all real duets. */
export const duetsFile = ({ results }: Pick<JudgeSetting, 'results'>) => join(results, 'duets.jsonl');

/**
 * Plays real duets, round after round: one with each injection, and two without any, since of those twice as many are
 * wanted. Each adds its line as it ends. One that cannot be measured is told and left out; how many were is returned.
 */
export async function playReal(setting: JudgeSetting): Promise<number> {
  const { machine, say, signal, workloads, injections } = setting;
  const published = injections.filter(rule => rule.kind !== 'none');
  const none = injections.filter(rule => rule.kind === 'none');
  const rounds = setting.duets ?? 1;
  let unmeasured = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const workload of workloads) {
      for (const rule of [...none, ...published, ...none]) {
        const startedAt = new Date().toISOString();
        say(`round ${round} of ${rounds}, ${workload.title}, ${nameOf(rule)}`);
        try {
          const result = await playRealDuet(workload, rule, setting);
          const line: DuetLine = { startedAt, machine, workload: workload.name, rule, ...result };
          appendLine(duetsFile(setting), line);
          const { verdict, units, wallMinutes } = result;
          say(`${titleOf(rule)}: ${verdict} after ${units} units, ${span(wallMinutes * 60_000)}`);
        } catch (error) {
          signal.throwIfAborted();
          unmeasured += 1;
          say(error instanceof Error ? error.message : String(error));
        }
      }
    }
  }
  return unmeasured;
}
