import type { Calibration } from '../../model/duet/calibration.ts';

/** What a calibration comes to for programs: all of it but the measured restarts, which programs know as units. */
export type CalibrationSummary = ReturnType<typeof calibrationSummaryOf>;

/** The summary of a calibration. */
export function calibrationSummaryOf(calibration: Calibration) {
  const { header, contestant, layout, looks, policy, restarts, findings } = calibration;
  const { repeat, slotMs, pairsPerRestart, load, mostRestarts } = layout;
  return {
    schemaVersion: 1,
    header,
    contestant,
    layout: { unit: repeat, slotMs, pairsPerUnit: pairsPerRestart, load, mostUnits: mostRestarts },
    looks: looks.map(unitsIn),
    policy,
    findings: {
      ...findings,
      power: findings.power.map(power => ({ ...power, looks: power.looks.map(unitsIn) })),
    },
    measured: restarts.length,
  };
}

function unitsIn<Rest>({ restarts, ...rest }: Rest & { readonly restarts: number }) {
  return { units: restarts, ...rest };
}
