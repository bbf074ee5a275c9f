import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Imported } from '../../config/import/form/imported.ts';
import { readImport } from '../../config/import/read-import.ts';
import { budgetsJson } from '../../config/import/written/budgets-json.ts';
import { type ScenarioText, scenarioYaml } from '../../config/import/written/scenario-yaml.ts';
import { workflowYaml } from '../../config/import/written/workflow-yaml.ts';
import { type NewFile, writeNewFiles } from '../../deliver/new-files.ts';
import { problem } from '../../model/error.ts';
import { proxiesOf } from '../../safety/proxy/proxy-rules.ts';
import { type InitOptions, initChoices } from './init-choices.ts';
import { localOrigin } from './local-origin.ts';

/** What was written. */
export interface Initiated {
  readonly scenario: string;
  /** Relative to the working folder. */
  readonly files: readonly string[];
  /** Files that were there already, and stay as they are. */
  readonly kept: readonly string[];
  readonly target: string;
  /** Whether the target is of this machine or a private network, which may be loaded without more ado. */
  readonly isLocal: boolean;
  /** Where the requests went originally, if not to the target. */
  readonly originally: string | null;
  readonly written: ScenarioText;
  /** Whether a workflow was left out since the folder is not the root of its repository. */
  readonly isBelowRoot: boolean;
}

const workflow = '.github/workflows/perf.yml';
const budgets = 'budgets.json';

/**
 * Makes a scenario from a source, with budgets and a workflow where there are none yet. Writes all of them or nothing, and
 * replaces no file but the scenario, where that is asked for.
 */
export async function initProject(options: InitOptions): Promise<Initiated> {
  const { cwd, replaces } = options;
  const choices = initChoices(options);
  const imported = await readImport(options.source, { ...options, proxies: proxiesOf(options.env ?? {}) });
  const scenario = choices.name ?? fileName(imported.title);
  const { target, isLocal } = choices.target ?? localOrigin(imported.origin);
  const originally = imported.origin === null || imported.origin === target ? null : imported.origin;
  const isBelowRoot = !(await exists(join(cwd, '.git'))) && (await isInRepository(dirname(cwd)));
  const [hasBudgets, hasWorkflow, hasLockFile] = await Promise.all(
    [budgets, workflow, 'package-lock.json'].map(file => exists(join(cwd, file))),
  );
  if (hasBudgets) {
    for (const [metric, limit] of Object.entries(imported.budgets ?? {}))
      imported.omissions.add(`${metric} ${limit}`, `since ${budgets} is there already, limits`);
  }
  const written = scenarioYaml(imported, {
    ...choices,
    target,
    targetNote:
      originally === null ? null : `Its requests are meant for ${originally}; TARGET says what is loaded.`,
    serve:
      choices.start === null ? null : { start: choices.start, ready: choices.ready ?? readyOf(imported) },
  });
  if (written === null) throw nothingLeft(imported);
  const file = `scenarios/${scenario}.yaml`;
  const workflowText = workflowYaml({
    scenario,
    isServed: choices.start !== null,
    hasLockFile: hasLockFile === true,
    variables: written.variables.map(({ name }) => name),
  });
  const asksWorkflow = options.writesWorkflow && !isBelowRoot;
  const files: readonly NewFile[] = [
    { path: join(cwd, file), shown: file, text: written.text, replaces },
    ...(hasBudgets
      ? []
      : [
          {
            path: join(cwd, budgets),
            shown: budgets,
            text: budgetsJson(scenario, imported.budgets ?? {}),
            replaces: false,
          },
        ]),
    ...(hasWorkflow || !asksWorkflow
      ? []
      : [{ path: join(cwd, workflow), shown: workflow, text: workflowText, replaces: false }]),
  ];
  await writeNewFiles(files);
  return {
    scenario,
    files: files.map(({ shown }) => shown),
    kept: [...(hasBudgets ? [budgets] : []), ...(hasWorkflow && asksWorkflow ? [workflow] : [])],
    target,
    isLocal,
    originally,
    written,
    isBelowRoot: isBelowRoot && options.writesWorkflow,
  };
}

/** A name that no shell, file system or YAML reads as anything else. */
function fileName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replaceAll(/^-|-$/g, '');
  return plain === '' ? 'api' : plain;
}

/** The first request without a body, without its query, which might be anything. */
function readyOf({ journeys }: Imported): string {
  const first = journeys
    .flatMap(({ steps }) => steps)
    .find(step => step.kind === 'request' && step.method === 'GET' && step.path.length === 1);
  const part = first?.kind === 'request' ? first.path[0] : undefined;
  return part?.kind === 'plain' && /^\/[\w./-]*$/.test(part.text) ? `GET ${part.text}` : 'GET /';
}

function nothingLeft({ source, omissions }: Imported) {
  const lines = omissions.lines();
  return problem('import.no-request', {
    where: source,
    found: lines.length === 0 ? 'no request' : `left out ${lines.join('\nleft out ')}`,
    expected: 'at least one request that a scenario can make',
  });
}

async function isInRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, '.git'))) return true;
  const above = dirname(folder);
  return above !== folder && (await isInRepository(above));
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
