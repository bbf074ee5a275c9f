import { resolve } from 'node:path';
import { problem } from '../../../model/error.ts';
import { megabyte } from '../../../safety/bounded-file.ts';
import { readTextParts, shownName } from '../../source/text-file.ts';
import { mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported, ImportedJourney } from '../form/imported.ts';
import { Omissions } from '../form/omissions.ts';
import { recordedUrl } from '../form/recorded-url.ts';
import { isSafeMethod, mayChange } from '../form/safe-method.ts';

/** A log may be larger than any text that is held as a whole. */
const largestLog = 4_096 * megabyte;

/** Of a log with more endpoints the most frequent are taken, each with its most frequent requests. */
const [mostEndpoints, mostRequestsEach] = [50, 5];
/** Different requests that are counted; whatever comes later is one of those, or rare. */
const mostKinds = 100_000;

/** No server takes a longer one. */
const longestUrl = 8_000;

/** One line of a log, as far as a request can be made of it. */
interface Logged {
  readonly method: string;
  /** A path with its query, or a URL. */
  readonly url: string;
  readonly status: number;
  /** In milliseconds since 1970; NaN if the line does not tell. */
  readonly atMs: number;
}

/** The mix and the rate of an access log of nginx or Apache (common, combined), Caddy (JSON) or an AWS load balancer (ALB). */
export async function importAccessLog(
  file: string,
  { cwd, includesWrites }: ImportOptions,
): Promise<Imported> {
  const path = resolve(cwd, file);
  const shown = shownName(path, cwd);
  const omissions = new Omissions();
  const counts = new Map<string, number>();
  const seen = { lines: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, requests: 0 };
  const unread = { lines: 0, failed: 0, rare: 0 };
  for await (const line of linesOf(path, shown)) {
    if (line.trim() === '') continue;
    seen.lines += 1;
    const logged = loggedIn(line);
    if (logged === null || logged.url.length > longestUrl) unread.lines += 1;
    else {
      if (logged.atMs < seen.first) seen.first = logged.atMs;
      if (logged.atMs > seen.last) seen.last = logged.atMs;
      seen.requests += 1;
      const key = `${logged.method} ${logged.url}`;
      const count = counts.get(key);
      if (logged.status >= 400) unread.failed += 1;
      else if (count === undefined && counts.size >= mostKinds) unread.rare += 1;
      else counts.set(key, (count ?? 0) + 1);
    }
  }
  if (seen.requests === 0) {
    const found = seen.lines === 0 ? 'no line' : `${seen.lines} lines of another form`;
    throw problem('import.other-format', {
      where: shown,
      found,
      expected: 'an access log of nginx, Apache, Caddy or an ALB',
    });
  }
  for (const [what, count] of [
    ['lines of another form', unread.lines],
    ['answers of 400 and more', unread.failed],
    ['rare requests', unread.rare],
  ] as const) {
    if (count > 0) omissions.add(`${count} ${what}`, 'of the log');
  }
  const seconds = Math.max(1, (seen.last - seen.first) / 1_000);
  const rate = Number.isFinite(seconds) ? Math.max(1, seen.requests / seconds) : 10;
  return {
    source: `${shown} (access log, ${seen.requests} requests)`,
    title: shown.replace(/^.*\//, '').replace(/\.\w+$/, ''),
    origin: null,
    journeys: journeysOf(counts, includesWrites, omissions),
    stages: [{ seconds: 40, from: rate, to: rate }],
    isRecorded: true,
    omissions,
  };
}

/** Lines of any length: the rest of one that is too long for a request counts as another. */
async function* linesOf(path: string, shown: string): AsyncGenerator<string> {
  let rest = '';
  for await (const part of readTextParts(path, shown, largestLog)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > megabyte) {
      yield rest;
      rest = '';
    }
  }
  yield rest;
}

const combined = /^\S+ \S+ \S+ \[([^\]]{1,40})\] "([A-Z]{3,20}) (\S+)[^"]{0,20}" (\d{3}) /;
const balancer =
  /^(?:http|https|h2) (\S+) \S+ \S+ \S+ \S+ \S+ \S+ (\d{3}|-) \S+ \S+ \S+ "([A-Z]{3,20}) (\S+) [^"]{0,20}"/;

function loggedIn(line: string): Logged | null {
  if (line.startsWith('{')) return loggedInJson(line);
  const [, at, method, url, status] = combined.exec(line) ?? [];
  if (at !== undefined && method !== undefined && url !== undefined) {
    return {
      method,
      url,
      status: Number(status),
      atMs: Date.parse(at.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')),
    };
  }
  const [, time, code, verb, target] = balancer.exec(line) ?? [];
  if (time === undefined || verb === undefined || target === undefined) return null;
  return { method: verb, url: target, status: code === '-' ? 500 : Number(code), atMs: Date.parse(time) };
}

/** A line of Caddy. */
function loggedInJson(line: string): Logged | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const { request, status, ts } = mapIn(value);
  const { method, uri } = mapIn(request);
  const [verb, url] = [textIn(method), textIn(uri)];
  if (verb === null || url === null || typeof status !== 'number') return null;
  return {
    method: verb,
    url,
    status,
    atMs: typeof ts === 'number' ? ts * 1_000 : Date.parse(textIn(ts) ?? ''),
  };
}

/** A journey for each endpoint, as frequent as it was. */
function journeysOf(
  counts: ReadonlyMap<string, number>,
  includesWrites: boolean,
  omissions: Omissions,
): readonly ImportedJourney[] {
  const byEndpoint = new Map<
    string,
    { readonly url: string; readonly method: string; readonly count: number }[]
  >();
  for (const [key, count] of counts) {
    const [, method = '', written = ''] = /^(\S+) (.*)$/s.exec(key) ?? [];
    const url = written.startsWith('/') ? `http://unknown.invalid${written}` : written;
    const read = recordedUrl(url);
    if (read === null) omissions.add(key.replace(/[?#].*$/s, ''), 'since it is not of http or https');
    else if (!includesWrites && !isSafeMethod(method))
      omissions.add(`${method} ${read.route ?? new URL(url).pathname}`, mayChange);
    else {
      const endpoint = `${method} ${read.route ?? new URL(url).pathname}`;
      const known = byEndpoint.get(endpoint);
      if (known === undefined) byEndpoint.set(endpoint, [{ url, method, count }]);
      else known.push({ url, method, count });
    }
  }
  const total = (all: readonly { readonly count: number }[]) =>
    all.reduce((sum, { count }) => sum + count, 0);
  const ranked = [...byEndpoint].sort(([, a], [, b]) => total(b) - total(a));
  for (const [endpoint] of ranked.slice(mostEndpoints))
    omissions.add(endpoint, `behind the ${mostEndpoints} most frequent endpoints`);
  return ranked.slice(0, mostEndpoints).flatMap(([endpoint, all]) => {
    const frequent = all.sort((a, b) => b.count - a.count).slice(0, mostRequestsEach);
    const share = total(all) / total(frequent);
    return frequent.flatMap(({ url, method, count }, index) => {
      const read = recordedUrl(url);
      if (read === null) return [];
      const { path, query, route } = read;
      const step = {
        kind: 'request',
        method,
        path,
        query,
        route,
        headers: [],
        body: null,
        name: null,
        captures: [],
      } as const;
      const weight = Math.min(1_000_000, Math.max(1, Math.round(count * share)));
      return [{ name: index === 0 ? endpoint : `${endpoint} (${index + 1})`, weight, steps: [step] }];
    });
  });
}
