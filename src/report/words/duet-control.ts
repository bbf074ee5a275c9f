import type { RepeatKind } from '../../model/duet/duet.ts';
import type { DuetControl, DuetFinding } from '../../model/duet/duet-judgement.ts';
import { changeText } from '../../words/change-text.ts';
import { counted } from '../../words/quantity-text.ts';
import { intervalOfChange } from './reasons/change-sentence.ts';

/** What the test says of base against itself, as a whole sentence. */
export function controlSentence({ findings, restarts }: DuetControl, repeat: RepeatKind): string {
  const what = `Control, base against itself (halves of its own turns, ${counted(restarts, repeat)})`;
  const found = findings.filter(({ evidence }) => evidence.established);
  const sized = ({ change }: DuetFinding) => {
    const range = change?.interval ? `, ${intervalOfChange(change.interval, change.kind)}` : '';
    return change === null ? '' : ` (${changeText(change.value, change.kind)}${range})`;
  };
  if (found.length > 0) {
    const each = found.map(one => `${one.metric.name} of ${one.endpoint}${sized(one)}`);
    return (
      `${what}: the same test finds a difference where there is none, in ${each.join('; ')}. ` +
      'Chance does that in fewer than one of 100 duets. It does not change the verdict.'
    );
  }
  const times = findings.filter(({ change, required }) => required && change?.kind === 'relative');
  const sizeOf = ({ change }: DuetFinding) => Math.abs(Math.log1p(change?.value ?? 0));
  const [widest] = times.toSorted((one, other) => sizeOf(other) - sizeOf(one));
  const most =
    widest === undefined
      ? ''
      : `; the greatest change is ${widest.metric.name} of ${widest.endpoint}${sized(widest)}`;
  return `${what}: the same test finds nothing${most}.`;
}
