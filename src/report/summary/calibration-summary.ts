import type { Calibration } from '../../model/duet/calibration.ts';

/** What a calibration comes to as a JSON document: all of it but the measured restarts. */
export function calibrationSummaryText({ restarts, ...rest }: Calibration): string {
  return `${JSON.stringify({ ...rest, measured: restarts.length }, null, 2)}\n`;
}
