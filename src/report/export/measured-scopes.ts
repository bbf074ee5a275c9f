import type { Summary } from '../summary/summary-schema.ts';

type RunSummary = Summary['runs'][number];

/** Which part of a run figures are of. */
export type ScopeKind = 'total' | 'stage' | 'endpoint' | 'transaction';

/** The figures of one scope of a run. */
export interface MeasuredScope {
  readonly kind: ScopeKind;
  /** The number of a stage, or the name of an endpoint or a transaction; empty of the total. */
  readonly name: string;
  readonly figures: RunSummary['total'];
  readonly findings: RunSummary['findings'];
}

/** Every scope of a run with its figures and what was decided of it: the total, stages, endpoints, transactions. */
export function measuredScopes({
  total,
  stages,
  endpoints,
  transactions = {},
  findings,
}: RunSummary): readonly MeasuredScope[] {
  const left = new Map<string, RunSummary['findings']>();
  for (const finding of findings) {
    const own = left.get(finding.scope);
    if (own === undefined) left.set(finding.scope, [finding]);
    else own.push(finding);
  }
  /** Findings name a scope by its text alone: the first one of that text has them. */
  const findingsOf = (text: string): RunSummary['findings'] => {
    const own = left.get(text) ?? [];
    left.delete(text);
    return own;
  };
  const named = (kind: ScopeKind, all: { readonly [name: string]: RunSummary['total'] }) =>
    Object.entries(all).map(([name, figures]): MeasuredScope => {
      return { kind, name, figures, findings: findingsOf(kind === 'stage' ? `stage ${name}` : name) };
    });
  return [
    { kind: 'total', name: '', figures: total, findings: findingsOf('total') },
    ...named('stage', stages),
    ...named('endpoint', endpoints),
    ...named('transaction', transactions),
  ];
}
