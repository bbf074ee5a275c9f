import { problem, type RunSource } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import type { RunFlags } from './run-flags.ts';
import { scenarioFiles } from './scenarios.ts';

/** What is to be run: scenario files, or a URL with the flags that say the rest. */
export async function runSources(flags: RunFlags, { cwd }: Session): Promise<readonly RunSource[]> {
  const { url, rate, users, duration, method, body, timeout, warmup, poisson, insecure } = flags;
  const optional = { rate, users, duration, method, body, timeout, warmup, poisson, insecure };
  const { scenario: named = [], '--': more = [], header = [] } = flags;
  const scenario = [...named, ...more];
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
  const files = await scenarioFiles(scenario, cwd);
  return files.map(file => ({
    kind: 'file',
    file,
    ...(flags.target === undefined ? {} : { target: flags.target }),
  }));
}
