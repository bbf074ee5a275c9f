import { basename, join } from 'node:path';
import { isAlike, mismatchOf } from '../../analysis/likeness.ts';
import { bySubject } from '../../analysis/subject.ts';
import {
  type ChoiceTerms,
  chooseBaseline,
  isAccepted,
  namedBaseline,
  unsavedRuns,
  usableRuns,
} from '../../judge/baseline/baseline-choice.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import {
  type BaselineSelection,
  isOfOneRun,
  type MismatchPolicy,
  mostRuns,
  type StoredRun,
} from '../../model/judgement/baseline.ts';
import type { NewerParts } from '../../model/newer-parts.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import type { BaselineStore, StoreProgress } from '../../store/baselines/baseline-store.ts';
import { branchStore } from '../../store/baselines/branch-store.ts';
import { folderStore } from '../../store/baselines/folder-store.ts';
import { commitHistory } from '../../store/git/commit-history.ts';
import { remoteOf } from '../../store/git/data-remote.ts';
import { type Git, type GitEnvironment, GitFailure, gitIn, lastLines } from '../../store/git/git.ts';
import { skippedText } from '../../words/skipped-text.ts';
import { fileFinder } from './file-finder.ts';
import { isMeasurement, saysSomething } from './measurement.ts';

/** The baselines of a folder: where they are kept, and the repository that knows their commits. */
export interface Baselines {
  readonly store: BaselineStore;
  /** The folder in which `run` keeps every record: the store itself where that is a folder. */
  readonly runs: BaselineStore;
  /** Null outside a repository. */
  readonly repository: Git | null;
  /** The folder of calibrations, which may be missing. */
  readonly calibrations: string;
  readonly cwd: string;
  readonly env: GitEnvironment;
  /** Is told how many records have been read where many are. */
  readonly tell?: ((progress: StoreProgress) => void) | undefined;
}

/** Where baselines are looked for. */
export interface BaselinePlace {
  readonly cwd: string;
  readonly env: GitEnvironment;
  /** The folder for reports; its `runs/` is the directory store. */
  readonly out: string;
  /** By default the branch `plimsoll-data` within a repository, else the folder of runs. */
  readonly store?: 'dir' | 'git' | undefined;
  /** Ends a call of git under way. */
  readonly signal?: AbortSignal | undefined;
  readonly tell?: Baselines['tell'];
}

/**
 * Opens the baselines of a folder. Throws `store.no-repository` where the git store is asked for outside one, and
 * `store.git-failed` where git does not tell what is there, unless the folder is asked for.
 */
export async function openBaselines({
  cwd,
  env,
  out,
  store,
  signal,
  tell,
}: BaselinePlace): Promise<Baselines> {
  const repository = await repositoryIn(gitIn(cwd, env, signal), store);
  const indexing = { isMeasurement: saysSomething, tell, signal };
  const runs = folderStore(runsFolder(out), indexing);
  return {
    store: repository && store !== 'dir' ? branchStore(repository, indexing) : runs,
    runs,
    repository,
    calibrations: calibrationsFolder(out),
    cwd,
    env,
    tell,
  };
}

/** Null outside a repository, and where there is no git to ask; another failure must not pass for either. */
async function repositoryIn(git: Git, store: BaselinePlace['store']): Promise<Git | null> {
  try {
    await git.text(['rev-parse', '--git-dir']);
    return git;
  } catch (error) {
    const known = error instanceof PlimsollError ? error.problems[0] : undefined;
    const isNone = known?.code === 'store.no-repository' || /\bspawn git ENOENT\b/.test(known?.found ?? '');
    if (isNone && store !== 'git') return null;
    if (!(error instanceof GitFailure)) throw error;
    if (store === 'dir') return null;
    throw problem(
      'store.git-failed',
      {
        where: git.cwd,
        found: lastLines(error.output),
        instead: 'fix what git says, or --store dir for a store without git',
      },
      { cause: error },
    );
  }
}

/** The folder in which `run` keeps every record. */
export const runsFolder = (out: string): string => join(out, 'runs');

/** The folder in which `calibrate` keeps what it found. */
export const calibrationsFolder = (out: string): string => join(out, 'calibrations');

/** The stored run that an id, the beginning of one, or a file name means. Throws `store.no-run`. */
export async function findStoredRun({ store }: Baselines, options: string): Promise<StoredRun> {
  const { runs, skipped } = await store.list();
  const isNamed = ({ where, entry }: StoredRun) =>
    entry.header.id === options || where === options || basename(where) === basename(options);
  const exact = runs.filter(isNamed);
  const found =
    exact.length > 0 || options.length < 4
      ? exact
      : runs.filter(({ entry }) =>
          [entry.header.id, entry.header.fingerprint.git?.commit].some(id => id?.startsWith(options)),
        );
  const [one] = found;
  if (one && found.length === 1) return one;
  throw problem(one ? 'store.ambiguous-run' : 'store.no-run', {
    where: store.place,
    found: one
      ? `${found.length} runs: ${found.map(run => run.entry.header.id).join(', ')}`
      : [options, skippedText(skipped) ?? []].flat().join('; '),
    expected: 'an id or a commit, or at least its first four characters, that one run has',
  });
}

/** What of a stored run's record is not known here; a damaged one tells nothing of that. */
export async function newerPartsIn(run: StoredRun, { store }: Baselines): Promise<NewerParts | undefined> {
  try {
    return (await store.read(run)).newer;
  } catch (error) {
    if (!isOfOneRun(error)) throw error;
    return undefined;
  }
}

/** How the baseline of a run is chosen. */
export interface BaselineOptions {
  /** A stored run by id or file; chosen by the run's commit where it is left out. */
  readonly named?: string | undefined;
  /** The branch that the run's commit is meant for; found out where it is left out. */
  readonly targetBranch?: string | undefined;
  /** True where a shallow clone may be deepened, and the target branch fetched. */
  readonly mayFetch: boolean;
  readonly policy?: MismatchPolicy | undefined;
  /** The run's own, to tell how it changed since a run that nobody saved. */
  readonly p95?: number | null | undefined;
}

/** Chooses the baseline of a run, and says why that one; the record itself is read with `store.read`. */
export async function baselineFor(
  run: RecordHeader,
  baselines: Baselines,
  options: BaselineOptions,
): Promise<BaselineSelection> {
  if (options.named !== undefined) return namedBaseline(run, await findStoredRun(baselines, options.named));
  const choose = await baselineChooser(run, baselines, options);
  return choose(new Set());
}

/** Chooses a baseline among all but some stored runs. */
export type BaselineChooser = (without: ReadonlySet<StoredRun>) => BaselineSelection;

/** The same for runs of which some may turn out to be unfit: the store and the repository are asked once. */
export async function baselineChooser(
  run: RecordHeader,
  baselines: Baselines,
  options: Omit<BaselineOptions, 'named'>,
): Promise<BaselineChooser> {
  const { runs, skipped } = await baselines.store.list();
  const { repository, env } = baselines;
  const head = run.fingerprint.git?.commit;
  const terms: ChoiceTerms = {
    policy: options.policy,
    // A folder holds whatever was run; commits and a scenario file say at least what of it belongs together.
    onlySaved: baselines.store.kind === 'dir' && (repository === null || run.file === null),
    hasFile: await fileFinder(baselines),
  };
  const usable = usableRuns(run, runs, terms);
  const alike = usable.filter(({ entry }) => isAlike(mismatchOf(entry.header, run)));
  const measured = commitsOf(usable);
  const history =
    repository && head !== undefined && measured.size > 0
      ? await commitHistory(repository, {
          head,
          measured,
          wanted: alike.length > 0 ? commitsOf(alike) : measured,
          enough: mostRuns,
          accepted: commitsOf(usable.filter(isAccepted)),
          env,
          target: options.targetBranch,
          remote: await remoteOf(repository).catch(() => null),
          mayFetch: options.mayFetch,
        })
      : null;
  const last = terms.onlySaved ? await latestMeasured(unsavedRuns(run, runs, terms), baselines) : null;
  return without => {
    const others = runs.filter(stored => !without.has(stored));
    const selection = chooseBaseline(run, others, { ...terms, history, skipped });
    const { choice } = selection;
    if (choice.kind !== 'none' || choice.because !== 'noneSaved') return selection;
    return { ...selection, ...sinceLast(last, options.p95 ?? null) };
  };
}

/** The latest of some runs that was a measurement. */
async function latestMeasured(runs: readonly StoredRun[], { store }: Baselines): Promise<StoredRun | null> {
  for (const run of runs) {
    try {
      if (await isMeasurement(run, () => store.read(run))) return run;
    } catch (error) {
      if (!isOfOneRun(error)) throw error;
    }
  }
  return null;
}

/** How p95 changed since the latest run that nobody saved. */
function sinceLast(last: StoredRun | null, p95: number | null): Pick<BaselineSelection, 'lastRun'> {
  const was = last?.entry.total.metrics.p95 ?? null;
  if (last === null || was === null || was === 0 || p95 === null) return {};
  return { lastRun: { startedAt: last.entry.header.startedAt, p95Change: p95 / was - 1 } };
}

const commitsOf = (runs: readonly StoredRun[]): ReadonlySet<string> =>
  new Set(runs.flatMap(({ entry }) => entry.header.fingerprint.git?.commit ?? []));

/** The headers of the latest run of each subject among the records that `run` keeps, newest first. */
export async function latestHeaders(baselines: Baselines): Promise<readonly RecordHeader[]> {
  const { runs } = await baselines.runs.list();
  const subjects = bySubject(runs, ({ entry }) => entry.header, await fileFinder(baselines));
  return subjects.flatMap(([latest]) => (latest ? [latest.entry.header] : []));
}
