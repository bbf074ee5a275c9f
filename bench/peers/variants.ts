import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findH2load } from './h2load.ts';
import { findK6 } from './k6.ts';
import type { Load, Peer } from './peer.ts';

/** What a scenario says besides its target and its load. */
export type ScenarioRest = { readonly [key: string]: unknown };

/** Plimsoll with a closed load of a scenario of its own; `files` lie beside it, by name. */
export function plimsollWith(
  plimsoll: Peer,
  cli: string,
  name: string,
  rest: ScenarioRest,
  files: { readonly [name: string]: unknown } = {},
): Peer {
  return {
    ...plimsoll,
    name,
    command({ url, seconds, connections, timeoutSeconds }, folder) {
      const stages = [{ duration: `${seconds}s`, users: connections }];
      const scenario = {
        target: url.replace(/\/$/, ''),
        load: { model: 'closed', stages },
        defaults: { timeout: `${timeoutSeconds}s` },
        ...rest,
      };
      for (const [file, content] of Object.entries({ ...files, 'scenario.json': scenario })) {
        writeFileSync(join(folder, file), JSON.stringify(content));
      }
      return {
        file: process.execPath,
        args: [cli, 'run', 'scenario.json', '--quiet', '--json', 'summary.json'],
      };
    },
  };
}

/** H2load with HTTP/2 and so many streams on each connection; null where it is not on this machine. */
export function h2loadWith(streams: number): Peer | null {
  const h2load = findH2load();
  return (
    h2load && {
      ...h2load,
      command: ({ url, seconds, connections, timeoutSeconds }) => ({
        file: 'h2load',
        args: [
          ...['-t', '1', '-c', String(connections / streams), '-m', String(streams), '-D', String(seconds)],
          ...['-N', `${timeoutSeconds}s`, url],
        ],
      }),
    }
  );
}

/** K6 with a journey of three requests, of which each uses what the first captured, and is checked; null where it is not on this machine. */
export function k6Journey(): Peer | null {
  const k6 = findK6();
  return (
    k6 && {
      ...k6,
      command(load, folder) {
        const file = join(folder, 'load.js');
        writeFileSync(file, journeyScript(load));
        return { file: 'k6', args: ['run', '--quiet', '--no-usage-report', file] };
      },
    }
  );
}

function journeyScript({ url, seconds, connections, timeoutSeconds }: Load): string {
  const options = {
    summaryTrendStats: ['p(50)', 'p(90)', 'p(95)', 'p(97.5)', 'p(99)', 'max'],
    scenarios: { load: { executor: 'constant-vus', vus: connections, duration: `${seconds}s` } },
  };
  return `import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';
export const options = ${JSON.stringify(options)};
const base = ${JSON.stringify(url)};
const sent = { timeout: '${timeoutSeconds}s' };
function step(path) {
  const answer = http.get(base + path, sent);
  const body = answer.json();
  check(answer, { status: ({ status }) => status === 200, body: () => typeof body.hello === 'string' });
  return body.hello;
}
export default function () {
  const word = step('a?run=' + exec.scenario.iterationInTest);
  step('b/' + word);
  step('c/' + word + '?page=2');
}
export function handleSummary(data) {
  return { 'summary.json': JSON.stringify(data) };
}
`;
}
