import { existsSync } from 'node:fs';
import { counted, span } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import type { Setting } from './drawn-restart.ts';
import { hardSettings, hardTable } from './hard.ts';
import { nameOf } from './injected.ts';
import { recordingFile } from './record.ts';
import { scatterOf } from './scatter.ts';
import { sessionsOf } from './sequential-runs.ts';
import type { JudgeSetting } from './setting.ts';
import { type Recorded, simulatedTables } from './simulated-tables.ts';
import { settingsOf, simulate } from './simulation.ts';
import { readRecording, withUnitsOf } from './slot-recording.ts';
import type { Tally } from './tally.ts';
import type { Workload } from './workloads.ts';

const usualDuets = 1_000;
/** Without a change: enough for the bound of a share of 0.7 % to lie under 1 %. */
const usualUnchanged = 6_000;
const spreads = [0, 0.03, 0.05];

/** What came of a simulation, and its tables by their place in the document. */
export interface Simulated {
  readonly tables: { readonly [section: string]: Measured };
  readonly tallies: readonly Tally[];
}

/** Simulates duets on what was recorded of each workload. */
export async function measureSimulated(setting: JudgeSetting): Promise<Simulated> {
  const tallies: Tally[] = [];
  const recorded: Recorded[] = [];
  for (const workload of setting.workloads) {
    recorded.push(recordedOf(workload, setting));
    const unchanged = setting.injections.filter(({ kind }) => kind === 'none');
    const changed = setting.injections.filter(({ kind }) => kind !== 'none');
    for (const [injections, usual] of [
      [unchanged, usualUnchanged],
      [changed, usualDuets],
    ] as const) {
      if (injections.length === 0) continue;
      const settings = settingsOf(spreads, injections);
      const what = injections.map(nameOf).join(' ');
      tallies.push(...(await simulated(workload, what, settings, usual, setting)));
    }
  }
  return { tables: simulatedTables(tallies, recorded), tallies };
}

/** Simulates duets that more befalls than what the judge supposes. */
export async function measureHard(setting: JudgeSetting): Promise<Measured> {
  const tallies: Tally[] = [];
  const recorded: Recorded[] = [];
  for (const workload of setting.workloads) {
    recorded.push(recordedOf(workload, setting));
    const settings = hardSettings.filter(({ trouble }) => setting.cases.includes(trouble?.kind ?? ''));
    tallies.push(...(await simulated(workload, 'hard cases', settings, usualDuets, setting)));
  }
  return hardTable(tallies, recorded);
}

async function simulated(
  workload: Workload,
  what: string,
  settings: readonly Setting[],
  usual: number,
  setting: JudgeSetting,
): Promise<readonly Tally[]> {
  const duets = setting.duets ?? usual;
  const { signal, pairs: pairsPerRestart } = setting;
  const onProgress = progressOf(`${workload.title}, ${what}`, duets, setting);
  const recording = recordingFile(setting.results, workload);
  return await simulate({ recording, pairsPerRestart, settings, duets, onProgress, signal });
}

/** What the simulation of a workload draws from; throws where nothing was recorded. */
function recordedOf(workload: Workload, { results, pairs }: JudgeSetting): Recorded {
  const file = recordingFile(results, workload);
  if (!existsSync(file)) throw new Error(`${file} does not exist: npm run bench:judge -- record`);
  const found = readRecording(file);
  const recording = pairs === null ? found : withUnitsOf(found, pairs);
  const starts = { starts: found.starts.length, sessions: sessionsOf(found).map(({ length }) => length) };
  return { ...recording.header, ...starts, scatter: scatterOf(recording) };
}

/** Says at every tenth how far it is, and how long it takes in all. */
function progressOf(what: string, duets: number, { say }: JudgeSetting): (played: number) => void {
  const began = performance.now();
  let told = 0;
  return played => {
    if (played < told + duets / 10) return;
    told = played;
    const forAll = ((performance.now() - began) / played) * duets;
    say(`${what}: ${played} of ${counted(duets, 'duet')} simulated; ${span(forAll)} in all`);
  };
}
