import type { LatenessCause } from '../../model/judgement/evidence.ts';
import type { GeneratorHealth } from '../../model/run/record.ts';

/** The share of its time that a worker may work; beyond it, sends begin to wait for one another. */
const mostBusy = 0.9;
/** The share of its cores that workers use when they work all the time, rather than wait for a core. */
const mostlyRunning = 0.75;
/** What uses less of a machine than this keeps nobody from a core for long. */
const muchUsed = 0.25;

/** Whether the busiest worker had hardly any time left. */
export function isOverworked(
  generator: GeneratorHealth,
): generator is GeneratorHealth & { readonly busy: number } {
  return generator.busy !== null && generator.busy > mostBusy;
}

/**
 * What made the generator late: its own work where its workers hardly ever rested and had the cores for it (a worker that
 * is kept from a core looks busy too), else whatever used most of the machine.
 */
export function latenessCause(generator: GeneratorHealth): LatenessCause {
  const { cpu = null, workers, sharesMachine } = generator;
  const ownWork = isOverworked(generator) ? ({ kind: 'ownWork', busy: generator.busy } as const) : null;
  if (cpu === null) return ownWork ?? { kind: 'unknown' };
  if (ownWork && cpu.generator * cpu.cores >= mostlyRunning * Math.min(workers, cpu.cores)) return ownWork;
  const { served, others, stolen } = cpu;
  const rivals: readonly Exclude<LatenessCause, { readonly kind: 'ownWork' | 'unknown' }>[] = [
    { kind: 'others', share: others ?? 0, withTarget: sharesMachine && served === null },
    { kind: 'served', share: served ?? 0 },
    { kind: 'host', share: stolen },
  ];
  const [most] = rivals
    .filter(({ share }) => share >= muchUsed)
    .sort((one, other) => other.share - one.share);
  return most ?? ownWork ?? { kind: 'unknown' };
}
