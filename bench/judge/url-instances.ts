import { existsSync } from 'node:fs';
import type { DuetReading, Restart, Side, SideReading } from '../../src/model/duet/duet.ts';
import type { Verdict } from '../../src/model/judgement/verdict.ts';
import { duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { hash } from '../../src/stats/random.ts';
import { none, number } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { drawRestart, readingsIn, type Setting } from './drawn-restart.ts';
import { recordingFile } from './record.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText } from './shares.ts';
import { unitOf } from './simulated-duet.ts';
import { readRecording, type SlotRecording } from './slot-recording.ts';
import { judgeRounds } from './urls.ts';

/** Equal builds must be seen to be accused in less than one of a hundred; the others need fewer duets. */
const simulatedDuets = { unchanged: 1_000, changed: 200 };
const sizes = [3, 5, 7];
const spreads = [0.07, 0.1];
const changes = [0, 0.1, 0.2, 0.4];
const stream = 40;

interface Kind {
  readonly title: string;
  readonly instances: number;
  readonly slower: number;
  readonly spread: number;
  readonly duets: readonly { readonly verdict: Verdict; readonly rounds: number; readonly minutes: number }[];
}

/** Simulates duets of several instances a side on what was recorded: each instance has had one start. */
export function simulateInstances(setting: JudgeSetting): readonly Kind[] {
  return setting.workloads.flatMap(workload => {
    const file = recordingFile(setting.results, workload);
    if (!existsSync(file)) throw new Error(`${file} does not exist: npm run bench:judge -- record`);
    const whole = readRecording(file);
    // Each of several instances has half of the turns.
    const pairsPerRestart = Math.ceil(whole.header.pairsPerRestart / 2);
    const recording = { ...whole, header: { ...whole.header, pairsPerRestart } };
    return sizes.flatMap(instances =>
      spreads.flatMap(spread =>
        changes.map((slower): Kind => {
          setting.say(`${workload.title}: ${instances} instances differ by ${spread}, head ${slower}`);
          const usual = slower === 0 ? simulatedDuets.unchanged : simulatedDuets.changed;
          const duets = Array.from({ length: setting.duets ?? usual }, (_, duet) =>
            playSimulated(recording, duet, { instances, spread, slower }),
          );
          return { title: workload.title, instances, slower, spread, duets };
        }),
      ),
    );
  });
}

function playSimulated(
  recording: SlotRecording,
  duet: number,
  { instances, spread, slower }: Pick<Kind, 'instances' | 'spread' | 'slower'>,
) {
  const { endpoints, slotMs, pairsPerRestart } = recording.header;
  const setting: Setting = {
    spread: 0,
    rule: slower === 0 ? { kind: 'none' } : { kind: 'scale', factor: slower },
    trouble: { kind: 'build', spread: spread / Math.SQRT2, builds: 1 },
  };
  const changed = endpoints[duet % endpoints.length] ?? '';
  const rounds: Restart[] = [];
  for (;;) {
    const restart = rounds.length;
    const each = Array.from({ length: instances }, (_, instance) => {
      const drawn = drawRestart(recording, hash(duet, 1, restart * instances + instance));
      const place = { duet: hash(duet, stream, instance), restart, startsOf: () => drawn.starts };
      return readingsIn(drawn, endpoints, setting, changed, place);
    });
    rounds.push(unitOf(together(each), restart));
    if (!duetLooks.some(({ restarts }) => restarts === rounds.length)) continue;
    const { verdict, progress } = judgeRounds(rounds, duet, { pairsPerRestart, slotMs }, instances);
    if (progress.state === 'over') {
      const minutes = (rounds.length * 2 * instances * pairsPerRestart * slotMs) / 60_000;
      return { verdict, rounds: rounds.length, minutes };
    }
  }
}

/** The readings of several instances a side as those of one round: of all of them together, only the counts matter. */
function together(each: readonly (readonly DuetReading[])[]): readonly DuetReading[] {
  return (each[0] ?? []).map((reading, index) => {
    const of = (side: Side) => each.map(readings => (readings[index] ?? reading)[side]);
    const summed = (side: Side): SideReading => {
      const total = (key: 'requests' | 'errors' | 'samples') =>
        of(side).reduce((sum, one) => sum + one[key], 0);
      return {
        ...reading[side],
        requests: total('requests'),
        errors: total('errors'),
        samples: total('samples'),
      };
    };
    return {
      ...reading,
      base: summed('base'),
      head: summed('head'),
      instances: { base: of('base'), head: of('head') },
    };
  });
}

/** The table of duets of several instances a side. */
export function instancesTable(kinds: readonly Kind[]): Measured | null {
  if (kinds.length === 0) return null;
  return {
    tables: [
      {
        title: 'Several instances of two builds',
        method:
          'Simulated duets of several instances a side on this machine, without a calibration, drawn from recorded slots. Each instance has one start, by which all its times differ in all rounds, and half of the turns of a lone one.',
        columns: [
          { title: 'duets of', align: 'left' },
          { title: 'instances a side', align: 'right' },
          { title: 'head is slower by', align: 'right' },
          { title: 'spread of starts', align: 'right' },
          { title: 'duets', align: 'right' },
          { title: 'fail', align: 'left' },
          { title: 'warn', align: 'right' },
          { title: 'pass', align: 'right' },
          { title: 'open', align: 'right' },
          { title: 'rounds', align: 'right' },
          { title: 'minutes', align: 'right' },
        ],
        rows: kinds.map(({ title, instances, slower, spread, duets }) => {
          const count = (...verdicts: readonly Verdict[]) =>
            duets.filter(({ verdict }) => verdicts.includes(verdict)).length;
          return [
            title,
            number(instances),
            slower === 0 ? 'nothing' : `${number(100 * slower)}%`,
            number(spread),
            number(duets.length, 9),
            `${count('fail')}: ${shareText(count('fail'), duets.length)}`,
            ...(['warn', 'pass'] as const).map(verdict => String(count(verdict))),
            String(count('inconclusive', 'invalid')),
            ...(['rounds', 'minutes'] as const).map(of =>
              duets.length === 0 ? none : number(median(duets.map(duet => duet[of])), 2),
            ),
          ];
        }),
        notes: [
          'The spread of starts is the standard deviation of the log ratio of two instances. Three instances a side fail by what a spread of 0.07 is taken to explain, five and seven by their labels, whatever the spread.',
        ],
      },
    ],
    figures: kinds,
  };
}
