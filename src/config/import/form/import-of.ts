import type { Imported, ImportedJourney, ImportedRequest, ImportedStep } from './imported.ts';
import type { Omissions } from './omissions.ts';

/** A request with where it goes. */
export type PlacedRequest = ImportedRequest & { readonly origin: string | null };

/** A step of a recording. */
export type PlacedStep = PlacedRequest | Exclude<ImportedStep, ImportedRequest>;

/** Requests of one after another, of any hosts, with the pauses between them. */
export interface RecordedSteps {
  readonly source: string;
  /** A name for the scenario; null takes it from the requests. */
  readonly title: string | null;
  readonly steps: readonly PlacedStep[];
  readonly omissions: Omissions;
}

/** An import of one journey: of several hosts the one with the most requests is kept. */
export function importOf({ source, title, steps, omissions }: RecordedSteps): Imported {
  const journeys = [{ name: 'recorded', weight: 1, steps }];
  const { origin, journeys: kept } = ofOneHost(journeys, omissions);
  const first = steps.find(step => step.kind === 'request' && step.origin === origin);
  return {
    ...{ source, title: title ?? titleOf(first), origin, journeys: kept },
    ...{ stages: null, isRecorded: true, omissions },
  };
}

type PlacedJourney = Omit<ImportedJourney, 'steps'> & { readonly steps: readonly PlacedStep[] };

/** Journeys with the requests to one host, since a scenario has one target; requests without a host are to any. */
export function ofOneHost(
  journeys: readonly PlacedJourney[],
  omissions: Omissions,
): Pick<Imported, 'origin' | 'journeys'> {
  const counts = new Map<string, number>();
  for (const step of journeys.flatMap(({ steps }) => steps)) {
    if (step.kind === 'request' && step.origin !== null)
      counts.set(step.origin, (counts.get(step.origin) ?? 0) + 1);
  }
  const [origin = null] = [...counts].sort(([, a], [, b]) => b - a).map(([host]) => host);
  const kept = (step: PlacedStep): readonly ImportedStep[] => {
    if (step.kind === 'pause') return [step];
    const { origin: of, ...request } = step;
    if (of === origin || of === null) return [request];
    omissions.add(of, 'since a scenario has one target, requests to other hosts');
    return [];
  };
  return { origin, journeys: journeys.map(journey => ({ ...journey, steps: journey.steps.flatMap(kept) })) };
}

/** The last word of a path, or else its host. */
function titleOf(step: PlacedStep | undefined): string {
  const request = step?.kind === 'request' ? step : undefined;
  const path = request?.path.map(part => (part.kind === 'plain' ? part.text : '')).join('') ?? '';
  const word = path.split('/').findLast(part => /^[a-z][\w-]{0,40}$/i.test(part));
  return word ?? (request?.origin ? new URL(request.origin).hostname : 'api');
}
