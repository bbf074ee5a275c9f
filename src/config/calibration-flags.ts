import { problem } from '../model/error.ts';

/** What a user may say of how much a calibration measures. */
export interface CalibrationSize {
  readonly restarts: number;
  /** Shares: 0.1 is a tenth slower. */
  readonly effects: readonly number[];
}

const bounds = { fewestRestarts: 2, mostRestarts: 1_000, mostEffects: 8, greatest: 10 };

/** Reads `--restarts` and `--effects` (`5%,10%,20%`, or `none`); throws `command.invalid-value`. */
export function calibrationSize(flags: {
  readonly restarts: number;
  readonly effects: string;
}): CalibrationSize {
  return { restarts: unitsOf(flags.restarts), effects: effectsOf(flags.effects) };
}

function unitsOf(restarts: number): number {
  const { fewestRestarts, mostRestarts } = bounds;
  if (Number.isInteger(restarts) && restarts >= fewestRestarts && restarts <= mostRestarts) return restarts;
  throw problem('command.invalid-value', {
    where: '--restarts',
    found: String(restarts),
    expected: `a number from ${fewestRestarts} to ${mostRestarts}; how far starts differ is known from 20 on`,
  });
}

function effectsOf(text: string): readonly number[] {
  if (text.trim() === 'none') return [];
  const effects = text.split(',').map(part => {
    const digits = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(part)?.[1];
    return digits === undefined ? Number.NaN : Number(digits) / 100;
  });
  const { mostEffects, greatest } = bounds;
  const areRight = effects.every(effect => effect > 0 && effect <= greatest);
  const areDifferent = new Set(effects).size === effects.length;
  if (areRight && areDifferent && effects.length <= mostEffects) return effects;
  throw problem('command.invalid-value', {
    where: '--effects',
    found: text,
    expected: `up to ${mostEffects} different percentages above 0%, or none`,
    instead: '--effects 5%,10%,20%',
  });
}
