import { dirname, relative, resolve } from 'node:path';
import { problem } from '../../../model/error.ts';
import { megabyte } from '../../../safety/bounded-file.ts';
import { readText, shownName } from '../../source/text-file.ts';
import { ofOneHost } from '../form/import-of.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported } from '../form/imported.ts';
import { Omissions } from '../form/omissions.ts';
import { ScriptRequest } from './script-flow.ts';
import { ScriptJourneys } from './script-journeys.ts';
import { scriptOptions } from './script-options.ts';
import { parseScript } from './script-syntax.ts';

/** Scripts are written by hand. */
const largest = 5 * megabyte;

/** What a script of k6 sends, as far as that can be told without running it. */
export async function importK6(file: string, options: ImportOptions): Promise<Imported> {
  try {
    return await readK6(file, options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw problem('file.syntax', { where: file, found: 'a script that is nested too deeply' }, { cause });
  }
}

async function readK6(file: string, { cwd }: ImportOptions): Promise<Imported> {
  const path = resolve(cwd, file);
  const shown = shownName(path, cwd);
  const text = await readText(path, shown, undefined, largest);
  if (text.trim() === '') throw problem('file.empty', { where: shown, expected: 'a script of k6' });
  const omissions = new Omissions(30);
  const script = new ScriptJourneys(await parseScript(text, shown), omissions);
  const { load, functions, budgets } = scriptOptions(script.options(), omissions);
  const journeys = functions.flatMap(name => {
    const steps = script.steps(name);
    if (steps === null) {
      omissions.add(name, 'since the script exports no function of this name,');
      return [];
    }
    const placed = steps.map(step => (step instanceof ScriptRequest ? step.step : step));
    return [{ name: name === 'default' ? 'script' : name, weight: 1, steps: placed }];
  });
  if (journeys.length === 0 && !/from\s{0,5}['"]k6/.test(text)) {
    throw problem('import.other-format', {
      where: shown,
      found: 'no default function, and nothing of k6',
      expected: 'a script of k6',
    });
  }
  return {
    ...ofOneHost(journeys, omissions),
    source: `${shown} (k6)`,
    title: shown.replace(/^.*\//, '').replace(/(?:\.test)?\.\w+$/, ''),
    stages: null,
    ...(load === null ? {} : { load }),
    budgets,
    data: script.data.map(({ name, file: of }) => ({
      name,
      file: relative(resolve(cwd, 'scenarios'), resolve(dirname(path), of)),
    })),
    isRecorded: true,
    omissions,
  };
}
