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
  const { rate, users, iterations, duration, method, body, timeout, warmup, poisson, insecure, http2 } =
    flags;
  const optional = {
    rate,
    users,
    iterations,
    duration,
    method,
    body,
    timeout,
    warmup,
    poisson,
    insecure,
    http2,
  };
  const { scenario: named = [], '--': more = [], header = [] } = flags;
  const words = [...named, ...standardInputs(flags, session.argv), ...more];
  const urls = [...(flags.url === undefined ? [] : [flags.url]), ...words.filter(isUrl)];
  const scenario = words.filter(word => !isUrl(word));
  const [url] = urls;
  if (url !== undefined) {
    if (urls.length > 1 || scenario.length > 0 || flags.target !== undefined) {
      const [where, found] =
        urls.length > 1
          ? ['URL', `${urls.length} URLs`]
          : ['--url', flags.target === undefined ? 'a scenario file as well' : '--target as well'];
      const expected =
        urls.length > 1 ? 'one URL; a scenario loads several' : 'either scenario files or a URL';
      throw problem('command.conflicting-flags', { where, found, expected });
    }
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
    // What is sent once has no load.
    const isBare =
      flags.once && [rate, users, duration, flags.iterations].every(value => value === undefined);
    const load = isBare ? { users: 1, duration: '1s' } : {};
    return [{ kind: 'flags', flags: { url, headers: header, ...given, ...load } }];
  }
  const stray = Object.entries(optional).find(([, value]) => value !== undefined);
  if (stray || header.length > 0) {
    throw problem('command.needs-url', {
      where: `--${stray?.[0] ?? 'header'}`,
      found: 'no URL',
      expected: 'a URL beside it; a scenario file says this itself',
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

const isUrl = (word: string) => /^(?:https?:\/\/|unix:)/i.test(word);

/** Each lone `-` that is no flag's value: the parser of flags drops it. */
function standardInputs(flags: RunFlags, argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return before.filter((word, index) => {
    const flag = /^--?([a-z-]+)$/i.exec(before[index - 1] ?? '')?.[1];
    const value = flag === undefined ? undefined : (flags as unknown as { [name: string]: unknown })[flag];
    return word === standardInput && !(Array.isArray(value) ? value : [value]).includes(standardInput);
  });
}
