import type { Endpoint } from '../../../model/run/plan.ts';
import type { Diagnostics } from '../../source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument } from '../../source/place.ts';

/** What is told of mistakes. */
interface Told {
  readonly document: SourceDocument;
  readonly diagnostics: Diagnostics;
}

/** The names under which journeys and groups are measured as a whole. Groups may share one; a journey has its own. */
export class MeasuredNames {
  readonly #places = new Map<string, { readonly place: Path; readonly isJourney: boolean }>();

  get names(): readonly string[] {
    return [...this.#places.keys()];
  }

  /** The index of a group's name. */
  ofGroup(name: string, place: Path, told: Told): number {
    return this.#index(name, place, false, told);
  }

  /** The index of a journey's name. */
  ofJourney(name: string, place: Path, told: Told): number {
    return this.#index(name, place, true, told);
  }

  /** Budgets know endpoints by their names, so that none can stand for requests as well. */
  refuseEndpoints({ endpoints, ...told }: Told & { readonly endpoints: readonly Endpoint[] }): void {
    for (const [name, { place }] of this.#places) {
      if (endpoints.some(endpoint => endpoint.name === name)) refuse(name, place, 'requests', told);
    }
  }

  #index(name: string, place: Path, isJourney: boolean, told: Told): number {
    const known = this.#places.get(name);
    if (known === undefined) this.#places.set(name, { place, isJourney });
    else if (known.isJourney || isJourney) {
      refuse(name, place, known.isJourney ? 'a journey' : 'a group', told);
    }
    return this.names.indexOf(name);
  }
}

function refuse(name: string, place: Path, other: string, { document, diagnostics }: Told): void {
  diagnostics.add({
    code: 'endpoint.taken-name',
    where: placeOf(document, place),
    found: `${JSON.stringify(name)}, under which ${other} ${other === 'requests' ? 'are' : 'is'} measured`,
    expected: 'a name that nothing else is measured under',
  });
}
