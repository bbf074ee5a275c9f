import { span } from '../../src/words/quantity-text.ts';
import { type DuetLine, duetsFile, unmeasuredDuet } from './duet-line.ts';
import { givenTo, nameOf, titleOf } from './injected.ts';
import { appendLine } from './json-lines.ts';
import { judgeDigest } from './judge-digest.ts';
import { playRealDuet } from './real-duet.ts';
import type { JudgeSetting } from './setting.ts';

/**
 * Plays real duets, round after round: one with each injection, and two without any, since of those twice as many are
 * wanted. Each adds its line as it ends, whatever it came to; how many came to no decision is returned.
 */
export async function playReal(setting: JudgeSetting): Promise<number> {
  const { machine, say, signal, workloads, injections } = setting;
  const published = injections.filter(rule => rule.kind !== 'none');
  const none = injections.filter(rule => rule.kind === 'none');
  const rounds = setting.duets ?? 1;
  const commit = machine.git?.commit ?? null;
  let undecided = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const workload of workloads) {
      const judge = await judgeDigest(workload);
      for (const rule of [...none, ...published, ...none]) {
        const startedAt = new Date().toISOString();
        say(`round ${round} of ${rounds}, ${workload.title}, ${nameOf(rule)}`);
        const result = await playRealDuet(workload, givenTo(rule), setting).catch((error: unknown) => {
          signal.throwIfAborted();
          return unmeasuredDuet(error instanceof Error ? error.message : String(error));
        });
        const of = { workload: workload.name, rule, given: givenTo(rule), changed: workload.changed };
        const line: DuetLine = { startedAt, machine, commit, judge, ...of, ...result };
        appendLine(duetsFile(setting), line);
        const { end, reason, verdict, restarts, wallMinutes } = result;
        const came = end === 'decided' ? verdict : `${end}: ${reason}`;
        say(`${titleOf(rule)}: ${came}; ${restarts} restarts, ${span(wallMinutes * 60_000)}`);
        if (end !== 'decided') undecided += 1;
      }
    }
  }
  return undecided;
}
