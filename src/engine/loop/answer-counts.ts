import type { CheckTally } from '../answer/answer-check.ts';
import type { ErrorBodies } from '../request/error-look.ts';
import type { PreparedJourney } from '../request/prepared-request.ts';

/** What was found in answers that hold errors of GraphQL and count as ok, by endpoint. */
export function errorBodiesOf(journeys: readonly PreparedJourney[]): readonly ErrorBodies[] {
  const requests = journeys.flatMap(({ steps }) => steps.filter(step => step.kind === 'request'));
  const looks = new Set(requests.map(({ errorLook }) => errorLook));
  return [...looks].flatMap(look => look?.found ?? []);
}

/** What the checks of all steps found so far. */
export function checkCountsOf(journeys: readonly PreparedJourney[]): readonly CheckTally[] {
  const steps = new Set(journeys.flatMap(journey => journey.steps));
  return [...steps].flatMap(step => (step.kind === 'request' ? (step.checks?.tallies ?? []) : []));
}
