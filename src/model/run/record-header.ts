/** The machine, the tool and the code that a run belongs to. */
export interface Fingerprint {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly os: string;
  readonly node: string;
  readonly plimsoll: string;
  /** For instance `github-actions`; null outside CI. */
  readonly ci: string | null;
  readonly targetHost: string;
  readonly git: { readonly commit: string; readonly branch: string | null; readonly dirty: boolean } | null;
}

/** What was measured besides target and workload. */
export interface MeasuredSubject {
  /** The scenario file in the repository, with slashes; null without a file, and outside a repository. */
  readonly path: string | null;
  /** The command by which Plimsoll started the API; null where it ran already. */
  readonly serve: string | null;
}

/** What history needs of a run without reading its histograms. */
export interface RecordHeader {
  readonly id: string;
  readonly scenario: string;
  readonly digest: string;
  /** The scenario file; null for a run without one. */
  readonly file: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** From the first request due to the last answer. */
  readonly durationMs: number;
  /** Origin and base path of the target, without credentials or query. */
  readonly target: string;
  /** The command that repeats the run. */
  readonly command: string;
  /** The longest a request may take, over all steps. */
  readonly timeoutMs: number;
  readonly fingerprint: Fingerprint;
  /** Left out by earlier versions. */
  readonly subject?: MeasuredSubject | undefined;
}

/** Says that a run was saved as a baseline on purpose. */
export interface BaselineMark {
  /** What it was judged when it was saved; left out by earlier versions. */
  readonly verdict?: 'pass' | 'warn' | 'fail' | 'inconclusive' | undefined;
  /** There where somebody accepted a regression with it. */
  readonly accepted?: Acceptance | undefined;
}

/** Who accepted a run as the new baseline, why, and what was worse in it. */
export interface Acceptance {
  readonly reason: string;
  /** Null where nobody is known. */
  readonly author: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly findings: readonly { readonly endpoint: string; readonly metric: string }[];
  /** The commit whose message accepts it; left out where `plimsoll accept` did. */
  readonly commit?: string | undefined;
  /** True where the run was also worse in what nobody accepted, so that it does not stand for what came before. */
  readonly isPartial?: true | undefined;
}
