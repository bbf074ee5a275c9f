import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { UserModule } from '../../model/code/user-module.ts';
import type { Plan } from '../../model/run/plan.ts';

/**
 * The digest of a workload: what is sent, how hard and over which connections; not where to, by whom it is trusted, or
 * when a run is given up. Equal digests are comparable runs. That data have types counts in the steps that send them. Of a
 * scenario that is code, the text of its files counts, but for that of installed packages.
 */
export function digestOfWorkload(
  workload: Pick<Plan, 'load' | 'seed' | 'engine' | 'connections' | 'transport' | 'cookies' | 'data'>,
  journeys: readonly unknown[],
  code?: readonly unknown[],
): string {
  const { load, seed, engine, connections, transport, cookies, data } = workload;
  const { reconnect, maxResponse, protocol, streams } = transport;
  const texts = data.map(({ typed: _typed, ...set }) => set);
  return digestOf({
    load,
    seed,
    engine,
    connections,
    reconnect,
    maxResponse,
    protocol,
    streams,
    cookies,
    data: texts,
    journeys,
    code,
  });
}

/** What of a module counts: the text of each file, by its path from the entry. */
export function codeOf({ entry, files }: UserModule): readonly unknown[] {
  const from = (url: string) => posix.relative(posix.dirname(new URL(entry).pathname), new URL(url).pathname);
  const all = files.map(({ url, text }) => ({ file: from(url), text: digestOf(text) }));
  return all.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** SHA-256, in hexadecimal, of a value's canonical JSON: keys in order, nothing between tokens. */
function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON that is the same for equal values, however their keys are ordered. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
