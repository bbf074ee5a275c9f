import { join } from 'node:path';
import { type CheckedBudgets, checkBudgets, readBudgetsFile } from '../../config/budgets.ts';
import { type Settings, settingsFile, settingsIn } from '../../config/settings.ts';
import { documentAt } from '../../config/source/document.ts';
import type { SourceDocument } from '../../config/source/place.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import type { GateBase, GateChange } from '../../model/gate.ts';
import { baseOfPullRequest, type CommitFiles, namedBase } from '../../store/git/commit-files.ts';
import type { GitEnvironment } from '../../store/git/git.ts';
import { branchOfPullRequest } from '../../store/git/target-branch.ts';
import { changedValues } from './changes.ts';

/** What judges a pull request in place of its own files: those of its base. */
export interface Gate {
  readonly base: GateBase;
  readonly files: CommitFiles;
  /** Those of the base; how a commit is built and served is the checkout's to say. */
  readonly settings: Settings;
  /** Null where the base has none. */
  readonly budgets: CheckedBudgets | null;
  /** What the checkout says otherwise, apart from its scenarios. */
  readonly changes: readonly GateChange[];
}

/** What a command says of its gate. */
export interface GateRequest {
  readonly cwd: string;
  readonly env: GitEnvironment;
  /** `base`, `head`, or a commit, branch or tag; by the settings where it is left out. */
  readonly from: string | undefined;
  /** The budgets file that the command names, which is a name in the base as well. */
  readonly budgets: string | undefined;
  /** The folder for reports that the command names. */
  readonly out?: string | undefined;
  /** The checkout's own settings, and the budgets file that they lead to. */
  readonly own: { readonly settings: Settings; readonly budgets: string | null };
}

/** Workflows decide how all this is called. */
const pipelines = [
  '.github/workflows',
  '.github/actions',
  '.gitlab-ci.yml',
  'bitbucket-pipelines.yml',
  '.circleci',
  'azure-pipelines.yml',
  'Jenkinsfile',
];

/**
 * Opens the gate of the base; null where the checkout is judged by its own: outside a pull request, and where nobody asks
 * for another. What the base says of that stands before what the checkout says. Throws `gate.no-base` where it is asked for
 * and cannot be read, and what is wrong with the files of the base.
 */
export async function openGate(request: GateRequest): Promise<Gate | null> {
  const files = await baseFiles(request);
  if (files === null) return null;
  const { cwd, own, budgets: named } = request;
  const written = await baseDocument(files, settingsFile);
  const theirs: Settings = written === null ? { allowHosts: [] } : settingsIn(written);
  const settings = { ...theirs, serve: own.settings.serve };
  const file = named ?? theirs.budgets ?? 'budgets.json';
  const budgets = await budgetsOf(files, file, {
    cwd,
    mustBe: named === undefined && theirs.budgets !== undefined,
  });
  return {
    base: files.base,
    files,
    settings,
    budgets,
    changes: [
      ...(await changedValues(
        files,
        { base: settingsFile, head: settingsFile },
        { cwd, stands: ([section]) => (section === 'serve' ? 'head' : 'base'), isOptional: true },
      )),
      ...(await changedValues(files, { base: file, head: own.budgets }, { cwd, stands: () => 'base' })),
      ...(await changedStore(files, request.out ?? settings.out ?? 'reports')),
      ...(await files.changed(pipelines, 'top')).map(
        changed => ({ kind: 'file', ...changed, stands: 'head' }) as const,
      ),
    ],
  };
}

/** Stored runs are files like others where somebody put them into the repository. */
async function changedStore(files: CommitFiles, out: string): Promise<readonly GateChange[]> {
  const folder = join(out, 'runs');
  const changed = await files.changed([folder]);
  return changed.length === 0 ? [] : [{ kind: 'file', file: folder, how: 'changed', stands: 'head' }];
}

/** Null for the checkout's own. */
async function baseFiles({ cwd, env, from, own }: GateRequest): Promise<CommitFiles | null> {
  if (from !== undefined) return await filesFor(from, cwd, env);
  const asked = own.settings.gate?.from;
  if (branchOfPullRequest(env) === null) return null;
  let files: CommitFiles | null;
  try {
    files = await baseOfPullRequest(cwd, env);
  } catch (error) {
    // Who never asked for the gate of the base needs no base.
    if ((asked === undefined || asked === 'head') && error instanceof PlimsollError) return null;
    throw error;
  }
  const written = files && (await baseDocument(files, settingsFile));
  const theirs = written === null ? undefined : settingsIn(written).gate?.from;
  const stands = theirs ?? asked;
  if (stands === undefined) return null;
  return stands === 'base' ? files : await filesFor(stands, cwd, env);
}

async function filesFor(from: string, cwd: string, env: GitEnvironment): Promise<CommitFiles | null> {
  if (from === 'head') return null;
  return from === 'base' ? await baseOfPullRequest(cwd, env) : await namedBase(cwd, env, from);
}

/** A file of the base as a document; null where there is none. */
export async function baseDocument(files: CommitFiles, file: string): Promise<SourceDocument | null> {
  const bytes = await files.read(file);
  return bytes === null ? null : await documentAt(bytes, file, files.shown(file));
}

/** The budgets of the base; a file outside of the repository is nobody's to change in it. */
async function budgetsOf(
  files: CommitFiles,
  file: string,
  { cwd, mustBe }: { readonly cwd: string; readonly mustBe: boolean },
): Promise<CheckedBudgets | null> {
  if (!files.holds(file)) return await readBudgetsFile(file, cwd);
  const document = await baseDocument(files, file);
  if (document === null && mustBe) throw problem('file.missing', { where: files.shown(file) });
  return document && checkBudgets(document);
}
