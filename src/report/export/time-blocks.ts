import { analyse } from '../../analysis/analysis.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { TimeBlock } from '../document/time-block.ts';

/** The response times of runs by endpoint and block of a stage, in order of time; empty blocks are left out. */
export function timeBlocks(runs: readonly JudgedRun[]): readonly TimeBlock[] {
  return runs.flatMap(blocksOfRun).sort((one, other) => one.fromMs - other.fromMs);
}

function blocksOfRun({ record: { header, measurement } }: JudgedRun): readonly TimeBlock[] {
  const { scenario } = header;
  const analysis = analyse(measurement);
  const startMs = Date.parse(header.startedAt);
  return measurement.endpoints.flatMap(({ name: endpoint, windows }) =>
    windows.flatMap(({ blocks }, index) => {
      const window = measurement.windows[index];
      if (window?.kind !== 'stage') return [];
      const lengthMs = window.durationMs / Math.max(1, blocks.length);
      return blocks.flatMap((histogram, block): readonly TimeBlock[] => {
        const maxUs = analysis.largest(histogram);
        if (maxUs === null) return [];
        const fromMs = startMs + window.startMs + block * lengthMs;
        return [{ scenario, endpoint, fromMs, lengthMs, maxUs, histogram }];
      });
    }),
  );
}
