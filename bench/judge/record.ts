import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf, steadyPlan } from '../../src/engine/duet-layout.ts';
import { measureSlots } from '../../src/engine/slots.ts';
import { counted } from '../../src/model/quantity-text.ts';
import { hash } from '../../src/stats/random.ts';
import { withBackends } from './backends.ts';
import { machineKind } from './machine-kind.ts';
import type { JudgeSetting } from './setting.ts';
import { type RecordingHeader, readRecording, type SlotRecording, writeRecording } from './slot-recording.ts';
import { planOf, type Workload } from './workloads.ts';

/** How many units long a start is loaded, so that units drawn from it differ. */
const unitsPerStart = 2;
/** As a duet warms its units up. */
const warmUp = { leastPairs: 8, mostPairs: 120 };

/** The file of a workload's recording. */
export function recordingFile(results: string, { name }: Workload): string {
  return join(results, `slots-${name}.gz`);
}

/**
 * Starts the reference backend twice, loads both instances in turn and keeps the times of each slot; again and again.
 * The starts are added to those recorded before, one by one, so that what was recorded stays when it is interrupted.
 */
export async function record(setting: JudgeSetting): Promise<void> {
  for (const workload of setting.workloads) {
    const file = recordingFile(setting.results, workload);
    let recording = await begun(file, workload, setting);
    const until = recording.starts.length + setting.starts;
    while (recording.starts.length < until) {
      const pairs = await recordStart(workload, recording, setting);
      recording = { ...recording, starts: [...recording.starts, pairs] };
      writeRecording(file, recording);
      setting.say(`${workload.title}: ${counted(recording.starts.length, 'start')} of ${until} recorded`);
    }
    console.log(`written: ${file}`);
  }
}

/** The recording so far; throws where it is of another machine or layout. */
async function begun(file: string, workload: Workload, { machine }: JudgeSetting): Promise<SlotRecording> {
  const plan = await planOf(workload, 'http://127.0.0.1:4010');
  const { slotMs, pairsPerUnit } = layoutOf(plan, 'restart');
  const header: RecordingHeader = {
    workload: workload.name,
    startedAt: new Date().toISOString(),
    machine,
    endpoints: plan.endpoints.map(({ name }) => name),
    slotMs,
    pairsPerUnit,
  };
  if (!existsSync(file)) return { header, starts: [] };
  const known = readRecording(file);
  const shape = ({ endpoints, slotMs: ms, pairsPerUnit: pairs, machine: of }: RecordingHeader) =>
    JSON.stringify([endpoints, ms, pairs, machineKind(of)]);
  if (shape(known.header) === shape(header)) return known;
  throw new Error(`${file} is of another machine or another layout: move it away, then record`);
}

async function recordStart(
  workload: Workload,
  { header, starts }: SlotRecording,
  setting: JudgeSetting,
): Promise<SlotRecording['starts'][number]> {
  const number = starts.length;
  return await withBackends(workload, setting, async ({ plan, places }) => {
    const layout = layoutOf(plan, 'restart');
    const measured = await measureSlots(
      {
        plan: { ...steadyPlan(plan, layout), seed: hash(plan.seed, 1, number) },
        sides: places,
        slotMs: header.slotMs,
        pairs: unitsPerStart * header.pairsPerUnit,
        warmUp,
        seed: hash(plan.seed, 2, number),
      },
      { interrupt: setting.signal },
    );
    setting.signal.throwIfAborted();
    const { completion, isWarm, pairs } = measured;
    if (completion.state !== 'complete')
      throw new Error(`a start could not be recorded: ${completion.state}`);
    if (!isWarm) setting.say('this start did not get warm');
    return pairs;
  });
}
