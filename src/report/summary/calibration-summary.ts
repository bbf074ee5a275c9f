import type { Calibration } from '../../model/duet/calibration.ts';

/** What a calibration comes to as a JSON document: all of it but the measured units. */
export function calibrationSummaryText({ units, ...rest }: Calibration): string {
  return `${JSON.stringify({ ...rest, measured: units.length }, null, 2)}\n`;
}
