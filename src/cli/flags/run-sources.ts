import { problem, type RunSource } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import { readAll } from '../streams/standard-input.ts';
import type { RunFlags } from './run-flags.ts';
import { scenarioFiles } from './scenarios.ts';

type ScenarioInput = Exclude<RunSource, { readonly kind: 'flags' }>;

/** Stands for a scenario that comes from standard input. */
const standardInput = '-';

/** What is to be run: scenario files, or a URL with the flags that say the rest. */
export async function runSources(flags: RunFlags, session: Session): Promise<readonly RunSource[]> {
  const { cwd } = session;
  const { url, rate, users, duration, method, body, timeout, warmup, poisson, insecure } = flags;
  const optional = { rate, users, duration, method, body, timeout, warmup, poisson, insecure };
  const { scenario: named = [], '--': more = [], header = [] } = flags;
  const scenario = [...named, ...standardInputs(flags, session.argv), ...more];
  if (url !== undefined) {
    if (scenario.length > 0 || flags.target !== undefined) {
      throw problem('command.conflicting-flags', {
        where: '--url',
        found: flags.target === undefined ? 'a scenario file as well' : '--target as well',
        expected: 'either scenario files or --url',
      });
    }
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
    return [{ kind: 'flags', flags: { url, headers: header, ...given } }];
  }
  const stray = Object.entries(optional).find(([, value]) => value !== undefined);
  if (stray || header.length > 0) {
    throw problem('command.needs-url', {
      where: `--${stray?.[0] ?? 'header'}`,
      found: 'no --url',
      expected: '--url beside it; a scenario file says this itself',
    });
  }
  const link = scenario.find(name => /^https?:\/\//i.test(name));
  if (link !== undefined) {
    throw problem('command.no-scenario', {
      where: link,
      found: 'a URL',
      expected: 'a scenario file, or --url in front of the URL',
      instead: `plimsoll run --url ${link} --rate 100/s --duration 10s`,
    });
  }
  const { target } = flags;
  const files = scenario.filter(name => name !== standardInput);
  const sources: ScenarioInput[] =
    files.length < scenario.length ? [await scenarioFromInput(scenario, session)] : [];
  if (sources.length === 0 || files.length > 0) {
    for (const file of await scenarioFiles(files, cwd)) sources.push({ kind: 'file', file });
  }
  return sources.map(source => ({ ...source, ...(target === undefined ? {} : { target }) }));
}

async function scenarioFromInput(
  scenario: readonly string[],
  { stdin, interrupt }: Session,
): Promise<ScenarioInput> {
  const times = scenario.filter(name => name === standardInput).length;
  if (times > 1) {
    throw problem('command.repeated-flag', {
      where: standardInput,
      found: times === 2 ? 'twice' : `${times} times`,
      expected: 'one scenario from standard input',
    });
  }
  return { kind: 'input', bytes: await readAll(stdin(), interrupt) };
}

/** Each lone `-` that is no flag's value: the parser of flags drops it. */
function standardInputs(flags: RunFlags, argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return before.filter((word, index) => {
    const flag = /^--?([a-z-]+)$/.exec(before[index - 1] ?? '')?.[1];
    const value = flag === undefined ? undefined : (flags as unknown as { [name: string]: unknown })[flag];
    return word === standardInput && !(Array.isArray(value) ? value : [value]).includes(standardInput);
  });
}
