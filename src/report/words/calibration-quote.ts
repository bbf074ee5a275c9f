import type { Calibration } from '../../model/duet/calibration.ts';
import {
  type Contestant,
  type DuetLayout,
  type Look,
  type OfBoth,
  type StartSpread,
  sides,
} from '../../model/duet/duet.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { duration, percent } from '../../words/quantity-text.ts';
import { calibrationSentence, loadText } from './calibration-wording.ts';

/** What a duet is judged by, as far as a calibration must agree with it to tell of it. */
export interface DuetTerms {
  readonly layout: DuetLayout;
  readonly looks: readonly Look[];
  readonly policy: RegressionPolicy;
}

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

/** What a calibration could add to a duet of URLs whose times cannot fail; null where they can, and of commits. */
export function startsNote(contestants: OfBoth<Contestant>, spread: StartSpread | null): string | null {
  const urls = sides.flatMap(side => {
    const contestant = contestants[side];
    return contestant.kind === 'url' ? [contestant.url] : [];
  });
  if (urls.length === 0) return null;
  if (!urls.every(isLoopback)) {
    return 'Times of APIs on another machine cannot fail, whatever is calibrated, since how far starts of one build differ there cannot be measured from here; errors can.';
  }
  return spread === null
    ? '`plimsoll calibrate --ref` with a commit of this API measures how far its starts differ on this machine; until then its times cannot fail, and errors can.'
    : null;
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
    loadText(load, allDigits),
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
