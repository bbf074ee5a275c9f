import { existsSync } from 'node:fs';
import { judgeDuet } from '../../src/judge/duet/judge.ts';
import type { Contestant, DuetLayout, Restart } from '../../src/model/duet/duet.ts';
import { usualRegression } from '../../src/model/judgement/regression-policy.ts';
import type { Verdict } from '../../src/model/judgement/verdict.ts';
import { duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { hash } from '../../src/stats/random.ts';
import { none, number } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { drawRestart, readingsIn } from './drawn-restart.ts';
import { isSameMachine } from './machine-kind.ts';
import { recordingFile } from './record.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText } from './shares.ts';
import { unitOf } from './simulated-duet.ts';
import { readRecording, type SlotRecording } from './slot-recording.ts';
import { urlChanges, urlDuets } from './url-duet.ts';

const simulatedDuets = 200;
const mostRounds = duetLooks.at(-1)?.restarts ?? 0;
/** Standard deviations of the log ratio between starts of two instances: none, the assumed one, and more. */
const spreads = [0, 0.07, 0.1];
const changes = [0, 0.1, 0.4];

/** Duets of one kind: their verdicts, rounds and minutes. */
export interface Kind {
  readonly title: string;
  readonly slower: number;
  readonly spread: number | null;
  /** Of those that came to their end. */
  readonly duets: readonly { readonly verdict: Verdict; readonly rounds: number; readonly minutes: number }[];
  /** How many came to no end, since this machine was too busy for instance. */
  readonly unended: number;
}

/** Simulates duets of two URLs on what was recorded of one endpoint: one start of each side, and rounds of it. */
export function simulateUrls(setting: JudgeSetting): readonly Kind[] {
  return setting.workloads.flatMap(workload => {
    const file = recordingFile(setting.results, workload);
    if (!existsSync(file)) throw new Error(`${file} does not exist: npm run bench:judge -- record`);
    const recording = readRecording(file);
    return spreads.flatMap(spread =>
      changes.map((slower): Kind => {
        setting.say(`${workload.title}: starts differ by ${spread}, head ${slower}`);
        const duets = Array.from({ length: simulatedDuets }, (_, duet) =>
          playSimulated(recording, duet, spread, slower),
        );
        return { title: `simulated, ${workload.title}`, slower, spread, duets, unended: 0 };
      }),
    );
  });
}

function playSimulated(recording: SlotRecording, duet: number, spread: number, slower: number) {
  const { endpoints, slotMs, pairsPerRestart } = recording.header;
  const setting = {
    spread: 0,
    rule: slower === 0 ? ({ kind: 'none' } as const) : ({ kind: 'scale', factor: slower } as const),
    trouble: { kind: 'build', spread: spread / Math.SQRT2, builds: 1 } as const,
  };
  const changed = endpoints[duet % endpoints.length] ?? '';
  const rounds: Restart[] = [];
  for (;;) {
    const restart = rounds.length;
    const drawn = drawRestart(recording, hash(duet, 1, restart));
    const place = { duet, restart, startsOf: () => drawn.starts };
    rounds.push(unitOf(readingsIn(drawn, endpoints, setting, changed, place), restart));
    if (!duetLooks.some(({ restarts }) => restarts === rounds.length)) continue;
    const { verdict, progress } = judgeRounds(rounds, duet, { pairsPerRestart, slotMs });
    if (progress.state === 'over') {
      const minutes = (rounds.length * 2 * pairsPerRestart * slotMs) / 60_000;
      return { verdict, rounds: rounds.length, minutes };
    }
  }
}

/** Judges rounds of two URLs on this machine, or of so many instances of each side. */
export function judgeRounds(
  restarts: readonly Restart[],
  duet: number,
  { pairsPerRestart, slotMs }: Pick<DuetLayout, 'pairsPerRestart' | 'slotMs'>,
  instances = 1,
) {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const at = (port: number): Contestant => {
    const others = Array.from({ length: instances - 1 }, (_, other) => url(port + 2 * (other + 1)));
    return { kind: 'url', url: url(port), ...(others.length === 0 ? {} : { others }) };
  };
  const load = { model: 'open', rate: 1 } as const;
  return judgeDuet(
    {
      header: { seed: hash(duet, 3, 0) },
      layout: { repeat: 'round', slotMs, pairsPerRestart, load, mostRestarts: mostRounds },
      contestants: { base: at(4010), head: at(4011) },
      restarts,
    },
    { budgets: [], regression: usualRegression, onInconclusive: 'warn', file: null, unused: [] },
    null,
  );
}

/** The table of duets of two URLs: those that were played on machines like this one, and simulated ones. */
export function urlTable(setting: JudgeSetting, simulated: readonly Kind[]): Measured | null {
  const lines = urlDuets(setting).filter(({ machine }) => isSameMachine(machine, setting.machine));
  const played = urlChanges.map((slower): Kind => {
    const of = lines.filter(line => line.slower === slower);
    const ended = of.filter(({ end }) => end === 'decided');
    const duets = ended.map(({ verdict, rounds, wallMinutes: minutes }) => ({ verdict, rounds, minutes }));
    return {
      title: 'real, two scripted servers',
      slower,
      spread: null,
      duets,
      unended: of.length - ended.length,
    };
  });
  const kinds = [...played, ...simulated].filter(({ duets, unended }) => duets.length + unended > 0);
  if (kinds.length === 0) return null;
  return {
    tables: [
      {
        title: 'Two URLs',
        method:
          'Duets of two URLs on this machine, without a calibration. The real ones load two scripted servers that answer in 20 ms, every fifth time in 32 ms, with 200 requests per second in rounds of 3 pairs of 250 ms; every duet has servers of its own. The simulated ones are drawn from recorded slots; each side has one start, by which all its times differ in all rounds.',
        columns: [
          { title: 'duets of', align: 'left' },
          { title: 'head is slower by', align: 'right' },
          { title: 'spread of starts', align: 'right' },
          { title: 'duets', align: 'right' },
          { title: 'fail', align: 'left' },
          { title: 'warn', align: 'right' },
          { title: 'pass', align: 'right' },
          { title: 'open', align: 'right' },
          { title: 'no end', align: 'right' },
          { title: 'rounds', align: 'right' },
          { title: 'minutes', align: 'right' },
        ],
        rows: kinds.map(({ title, slower, spread, duets, unended }) => {
          const count = (...verdicts: readonly Verdict[]) =>
            duets.filter(({ verdict }) => verdicts.includes(verdict)).length;
          return [
            title,
            slower === 0 ? 'nothing' : `${number(100 * slower)}%`,
            spread === null ? none : number(spread),
            number(duets.length + unended, 9),
            duets.length === 0 ? none : `${count('fail')}: ${shareText(count('fail'), duets.length)}`,
            ...(['warn', 'pass'] as const).map(verdict => String(count(verdict))),
            String(count('inconclusive', 'invalid')),
            String(unended),
            ...(['rounds', 'minutes'] as const).map(of =>
              duets.length === 0 ? none : number(median(duets.map(duet => duet[of])), 2),
            ),
          ];
        }),
        notes: [
          'The spread of starts is the standard deviation of the log ratio of the two sides; 0.07 is what a duet assumes on this machine. Shares are of the duets that came to an end; one is broken off where the machine is so busy that the generator sends too late in four rounds. Minutes are the medians of wall time for real duets, and of load for simulated ones.',
        ],
      },
    ],
    figures: kinds,
  };
}
