import type { Calibration, DuetTerms } from '../../model/duet/calibration.ts';
import type { Look } from '../../model/duet/duet.ts';
import { duration, percent } from '../../words/quantity-text.ts';
import { calibrationLoadText, calibrationSentence } from './calibration-wording.ts';

/** So many that different terms read differently. */
const allDigits = 12;

/** What a calibration says of such duets; where it is of others, what the difference is. */
export function calibrationQuote(calibration: Calibration, terms: DuetTerms): string {
  const day = calibration.header.startedAt.slice(0, 10);
  const [own, here] = [calibration, terms].map(termTexts) as [readonly string[], readonly string[]];
  const differences = own.flatMap((text, index) =>
    text === here[index] ? [] : [`${text}, not ${here[index]}`],
  );
  return differences.length === 0
    ? `Calibrated on ${day}: ${calibrationSentence(calibration)}`
    : `The calibration of ${day} is of other duets than this one and says nothing of it: ${differences.join('; ')}.`;
}

/** In texts that are equal where the terms are. */
function termTexts({
  layout: { slotMs, pairsPerRestart, load },
  looks,
  policy,
}: DuetTerms): readonly string[] {
  return [
    `slots of ${duration(slotMs, allDigits)}`,
    `${pairsPerRestart} pairs a restart`,
    calibrationLoadText(load, allDigits),
    looksText(looks),
    `a tolerance of ${percent(policy.tolerance, allDigits)}`,
    `a floor of ${percent(policy.floor, allDigits)}`,
  ];
}

function looksText(looks: readonly Look[]): string {
  const each = looks.map(
    ({ restarts, spend, boundTail }) =>
      `${restarts} restarts (spends ${percent(spend, allDigits)}, bounds at ${percent(boundTail, allDigits)})`,
  );
  return `looks at ${each.join(', ')}`;
}
