import type { Imported, ImportedRequest, ImportedStep } from './imported.ts';
import type { Omissions } from './omissions.ts';

/** A request with where it goes. */
export type PlacedRequest = ImportedRequest & { readonly origin: string };

/** Requests of one after another, of any hosts, with the pauses between them. */
export interface RecordedSteps {
  readonly source: string;
  /** A name for the scenario; null takes it from the requests. */
  readonly title: string | null;
  readonly steps: readonly (PlacedRequest | Exclude<ImportedStep, ImportedRequest>)[];
  readonly omissions: Omissions;
}

/** An import of one journey: of several hosts the one with the most requests is kept, since a scenario has one target. */
export function importOf({ source, title, steps, omissions }: RecordedSteps): Imported {
  const requests = steps.filter(step => step.kind === 'request');
  const counts = new Map<string, number>();
  for (const { origin } of requests) counts.set(origin, (counts.get(origin) ?? 0) + 1);
  const [origin = null] = [...counts].sort(([, a], [, b]) => b - a).map(([host]) => host);
  for (const request of requests) {
    if (request.origin !== origin) {
      omissions.add(request.origin, 'since a scenario has one target, requests to other hosts');
    }
  }
  const kept = steps.flatMap((step): readonly ImportedStep[] => {
    if (step.kind === 'pause') return [step];
    const { origin: of, ...request } = step;
    return of === origin ? [request] : [];
  });
  return {
    ...{ source, title: title ?? titleOf(requests.find(request => request.origin === origin)), origin },
    journeys: [{ name: 'recorded', weight: 1, steps: kept }],
    ...{ stages: null, isRecorded: true, omissions },
  };
}

/** The last word of a path, or else its host. */
function titleOf(request: PlacedRequest | undefined): string {
  const path = request?.path.map(part => (part.kind === 'plain' ? part.text : '')).join('') ?? '';
  const word = path.split('/').findLast(part => /^[a-z][\w-]{0,40}$/i.test(part));
  return word ?? (request === undefined ? 'api' : new URL(request.origin).hostname);
}
