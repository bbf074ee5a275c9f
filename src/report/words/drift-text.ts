import type { DescriptionCheck, Drift } from '../../model/run/description.ts';
import { counted, number } from '../../words/quantity-text.ts';
import { type Inline, line, name, prose } from './inline.ts';

/** What is not as the description declares, in one part of a sentence: `GET /pets 200: /0/id must be integer`. */
export function driftText({ operation, status, of, detail }: Drift): Inline {
  const answer = line`${name(operation, 100)} ${status}`;
  if (of === 'status') return line`${answer}: this status is not declared`;
  if (of === 'type') return line`${answer}: ${name(detail ?? '', 80)} is not a declared content type`;
  return line`${answer}: ${prose(detail ?? '')}`;
}

/** That answers were not as declared, and the first kind of them, in the middle of a sentence. */
export function driftedText({ source, drifts }: DescriptionCheck): Inline {
  const [first] = drifts;
  if (first === undefined) return [];
  const more = drifts.length === 1 ? '' : `, and ${number(drifts.length - 1)} more`;
  return line`got answers that ${name(source, 100)} does not declare: ${driftText(first)}${more}`;
}

/** How much of a description was loaded and looked at: `3 of 5 operations loaded, 4 answers checked`. */
export function coverageText({ operations, uncovered, answers, drifts }: DescriptionCheck): string {
  const loaded = `${number(operations - uncovered.length)} of ${counted(operations, 'operation')} loaded`;
  const found = drifts.length === 0 ? 'no drift' : counted(drifts.length, 'drift');
  return `${loaded}, ${counted(answers, 'answer')} checked, ${found}`;
}
