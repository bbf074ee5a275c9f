import { type OnceTerms, sendOnce } from '../../engine/once.ts';
import type { DescriptionCheck, SeenAnswer } from '../../model/run/description.ts';
import type { Measurement } from '../../model/run/record.ts';
import type { LearningRedactor } from '../../safety/secret.ts';
import type { Described } from './coverage.ts';

/** How answers to a plan's requests compare with its description; null without one. */
export async function descriptionOf(
  { plan, description }: Described,
  answers: readonly SeenAnswer[],
  endpoints: Measurement['endpoints'] = [],
): Promise<DescriptionCheck | null> {
  if (description === null) return null;
  const { checkDescription } = await import('../../config/description/description-check.ts');
  return checkDescription(plan, description, { endpoints, answers });
}

/** Holds a complete measurement against the description of its API: a pass behind the load, which slows nothing of it. */
export async function withDescription(
  described: Described,
  measurement: Measurement,
  redaction: LearningRedactor,
  terms: OnceTerms,
): Promise<Measurement> {
  if (described.description === null || measurement.completion.state !== 'complete') return measurement;
  const answers: SeenAnswer[] = [];
  const sent = await sendOnce(described.plan, { ...terms, onAnswer: answer => answers.push(answer) });
  redaction.learn(sent.secrets);
  const description = await descriptionOf(described, answers, measurement.endpoints);
  return description === null ? measurement : { ...measurement, description };
}
