import { problem } from '../../../model/error.ts';
import { carriedHeaders } from '../form/carried-headers.ts';
import { listIn, mapIn, readForeign, textIn } from '../form/foreign-document.ts';
import { importOf, type PlacedRequest, type RecordedSteps } from '../form/import-of.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported, ImportedBody, ImportedPair } from '../form/imported.ts';
import { sentText } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { mediaTypeOf, recordedBody } from '../form/recorded-body.ts';
import { recordedUrl } from '../form/recorded-url.ts';
import { isSafeMethod, mayChange, uploadsFile } from '../form/safe-method.ts';

/** What a page is made of; a load test of an API leaves it out. */
const assetTypes = /^(?:image|font|audio|video)\/|^text\/css|javascript|^application\/(?:font|wasm)/;
const assetPaths = /\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf|mp4|webm)$/i;

/** Shorter pauses are those of a program, and longer ones of somebody who went away. */
const [shortestPause, longestPause] = [500, 10_000];

/** Of a longer recording the first requests are taken. */
const mostRequests = 500;

/** The requests of a HAR file, in the order in which they were made, with the pauses between them. */
export async function importHar(file: string, { cwd, includesWrites }: ImportOptions): Promise<Imported> {
  const { shown, value } = await readForeign(file, cwd);
  const { log } = mapIn(value);
  const { entries } = mapIn(log);
  if (!Array.isArray(entries)) {
    const found = 'no list log.entries';
    throw problem('import.other-format', {
      where: shown,
      found,
      expected: 'a HAR file: { "log": { "entries": [...] } }',
    });
  }
  const omissions = new Omissions();
  const calls = entries
    .map(entry => callOf(entry))
    .sort((a, b) => (a.startedMs ?? 0) - (b.startedMs ?? 0))
    .flatMap(call => {
      const request = requestOf(call, includesWrites, omissions);
      return request === null ? [] : [{ ...call, request }];
    });
  for (const { request } of calls.slice(mostRequests))
    omissions.add(request.origin ?? '', `behind the first ${mostRequests} requests, others to`);
  const steps = calls
    .slice(0, mostRequests)
    .flatMap(({ request, startedMs }, index): RecordedSteps['steps'] => {
      const before = calls[index - 1];
      const ended = before?.startedMs == null ? null : before.startedMs + before.tookMs;
      const pause = ended === null || startedMs === null ? 0 : startedMs - ended;
      if (pause < shortestPause) return [request];
      return [{ kind: 'pause', milliseconds: Math.min(pause, longestPause) }, request];
    });
  const title = shown.replace(/^.*\//, '').replace(/\.\w+$/, '');
  return importOf({ source: `${shown} (HAR)`, title, steps, omissions });
}

interface Call {
  readonly request: { readonly [name: string]: unknown };
  readonly contentType: string;
  /** In milliseconds since 1970; null if the entry does not tell. */
  readonly startedMs: number | null;
  readonly tookMs: number;
}

function callOf(entry: unknown): Call {
  const { request, response, startedDateTime, time } = mapIn(entry);
  const startedMs = Date.parse(textIn(startedDateTime) ?? '');
  return {
    request: mapIn(request),
    contentType: mediaTypeOf(textIn(mapIn(mapIn(response).content).mimeType)),
    startedMs: Number.isNaN(startedMs) ? null : startedMs,
    tookMs: typeof time === 'number' && time > 0 ? time : 0,
  };
}

function requestOf(
  { request, contentType }: Call,
  includesWrites: boolean,
  omissions: Omissions,
): PlacedRequest | null {
  const url = recordedUrl(textIn(request.url) ?? '');
  const method = (textIn(request.method) ?? 'GET').toUpperCase();
  if (url === null) {
    omissions.add(
      (textIn(request.url) ?? 'a request without a URL').split(/[?#,]/, 1)[0] ?? '',
      'since it is not of http or https',
    );
    return null;
  }
  const path = new URL(textIn(request.url) ?? '').pathname;
  const what = `${method} ${path}`;
  if (assetTypes.test(contentType) || assetPaths.test(path)) {
    omissions.add(path, 'as parts of pages (scripts, styles, images)');
    return null;
  }
  if (!includesWrites && !isSafeMethod(method)) {
    omissions.add(what, mayChange);
    return null;
  }
  const headers = carriedHeaders(pairsIn(request.headers));
  const rest = { kind: 'request', method, ...url, headers, name: null, captures: [] } as const;
  const body = bodyOf(request.postData);
  if (typeof body !== 'string') return { ...rest, body };
  omissions.add(what, body);
  return null;
}

/** The body, or why it cannot be carried over. */
function bodyOf(postData: unknown): ImportedBody | null | string {
  const { mimeType, text, params, encoding } = mapIn(postData);
  const type = textIn(mimeType);
  const written = textIn(text);
  const media = mediaTypeOf(type);
  if (encoding === 'base64' || (written !== null && /[\0\ufffd]/.test(written)))
    return 'since its body is binary';
  const fields = pairsIn(params);
  if (media.startsWith('multipart/')) {
    const isFile = listIn(params).some(param => mapIn(param).fileName !== undefined);
    return fields.length === 0 || isFile ? uploadsFile : { kind: 'multipart', fields };
  }
  if (written !== null && written !== '') return recordedBody(type, written);
  return fields.length === 0 ? null : { kind: 'form', fields };
}

function pairsIn(list: unknown): readonly ImportedPair[] {
  return listIn(list).flatMap(item => {
    const { name, value } = mapIn(item);
    const [given, text] = [textIn(name), textIn(value)];
    return given === null || text === null ? [] : [{ name: given, value: sentText(text) }];
  });
}
