import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layoutOf, steadyPlan } from '../../src/engine/slots/duet-layout.ts';
import { measureSlots } from '../../src/engine/slots/slots.ts';
import { hash } from '../../src/stats/random.ts';
import { counted } from '../../src/words/quantity-text.ts';
import { withBackends } from './backends.ts';
import { isSameMachine } from './machine-kind.ts';
import type { JudgeSetting } from './setting.ts';
import { type RecordingHeader, readRecording, type SlotRecording, writeRecording } from './slot-recording.ts';
import { planOf, type Workload } from './workloads.ts';

/** How many restarts long a start is loaded: restarts are drawn from its beginning, longer ones and runs from all of it. */
const unitsPerStart = 2;
/** As a duet warms its restarts up. */
const warmUp = { leastPairs: 8, mostPairs: 120 };

/** The file of a workload's recording. */
export function recordingFile(results: string, { name }: Workload): string {
  return join(results, `slots-${name}.gz`);
}

/**
 * Starts the server of a workload twice, loads both instances in turn and keeps the times of each slot; again and again.
 * The starts are added to those recorded before, one by one, so that what was recorded stays when it is interrupted.
 */
export async function record(setting: JudgeSetting): Promise<void> {
  for (const workload of setting.workloads) {
    const file = recordingFile(setting.results, workload);
    const session = new Date().toISOString();
    let recording = await begun(file, workload, session, setting);
    const until = recording.starts.length + setting.starts;
    while (recording.starts.length < until) {
      const pairs = await recordStart(workload, recording, setting);
      recording = {
        ...recording,
        starts: [...recording.starts, pairs],
        sessions: [...recording.sessions, session],
      };
      writeRecording(file, recording);
      setting.say(`${workload.title}: ${counted(recording.starts.length, 'start')} of ${until} recorded`);
    }
    console.log(`written: ${file}`);
  }
}

/** The recording so far; throws where it is of another machine, layout or plan. */
async function begun(
  file: string,
  workload: Workload,
  startedAt: string,
  { machine }: JudgeSetting,
): Promise<SlotRecording> {
  const plan = await planOf(workload, 'http://127.0.0.1:4010');
  const { slotMs, pairsPerRestart } = layoutOf(plan, 'restart');
  const header: RecordingHeader = {
    workload: workload.name,
    startedAt,
    machine,
    endpoints: plan.endpoints.map(({ name }) => name),
    slotMs,
    pairsPerRestart,
    planDigest: plan.digest,
  };
  if (!existsSync(file)) return { header, starts: [], sessions: [] };
  const known = readRecording(file);
  if (isOfOneKind(known.header, header)) return known;
  throw new Error(`${file} is of another machine, layout or plan: move it away, then record`);
}

/** Whether starts of both may stand in one recording; one that does not know its plan is taken at its word. */
export function isOfOneKind(one: RecordingHeader, other: RecordingHeader): boolean {
  const shape = ({ endpoints, slotMs, pairsPerRestart }: RecordingHeader) =>
    JSON.stringify([endpoints, slotMs, pairsPerRestart]);
  const isOfOnePlan = (one.planDigest ?? other.planDigest) === (other.planDigest ?? one.planDigest);
  return shape(one) === shape(other) && isOfOnePlan && isSameMachine(one.machine, other.machine);
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
        pairs: unitsPerStart * header.pairsPerRestart,
        warmUp,
        seed: hash(plan.seed, 2, number),
      },
      { interrupt: setting.signal },
    );
    setting.signal.throwIfAborted();
    const { completion, warmth, pairs } = measured;
    if (completion.state !== 'complete')
      throw new Error(`a start could not be recorded: ${completion.state}`);
    if (warmth !== 'flat') setting.say('this start did not get warm');
    return pairs;
  });
}
