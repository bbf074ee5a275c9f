import { resolve } from 'node:path';
import { problem } from '../../model/error.ts';
import type { EndpointMeasurement, Window } from '../../model/run/record.ts';
import type { ResultSummaries, ResultsOrigin, ResultTool } from '../../model/run/results.ts';
import { largestText, megabyte } from '../../safety/bounded-file.ts';
import { readJson } from '../source/json-document.ts';
import { readText, shownName } from '../source/text-file.ts';
import { resultFormats } from './format/formats.ts';
import { endpointNames } from './reading/endpoint-names.ts';
import { binaryKind, readHead } from './reading/head.ts';
import type {
  DocumentFormat,
  FoundResults,
  LineFormat,
  ResultFile,
  ResultFormat,
} from './reading/result-format.ts';

/** The largest JSON document: it is held as a whole. */
const largestDocument = 200 * megabyte;

/** Results of another tool in Plimsoll's terms. */
export interface ForeignResults {
  readonly origin: ResultsOrigin;
  readonly windows: readonly Window[];
  readonly endpoints: readonly EndpointMeasurement[];
  /** In milliseconds since 1970; null where the results do not tell. */
  readonly startedMs: number | null;
  readonly durationMs: number;
  readonly target: string | null;
}

/** Which file is read, and what it is of. */
export interface ResultsRequest {
  /** Relative to `cwd`, or absolute. */
  readonly file: string;
  readonly cwd: string;
  readonly tool: ResultTool;
  /** The endpoints that budgets name: requests are named as they are. */
  readonly known: readonly string[];
}

/**
 * Reads a file of results. Throws where it is empty, broken, of another tool or of no known format, where a number in it cannot
 * be one (`results.invalid-value`), and `results.no-requests` where nothing was measured.
 */
export async function readResults({ file, cwd, tool, known }: ResultsRequest): Promise<ForeignResults> {
  const path = resolve(cwd, file);
  const source: ResultFile = { path, shown: shownName(path, cwd), names: endpointNames(known), known };
  const { format, found } = await resultsIn(source, tool);
  const requests = found.kind === 'samples' ? found.samples.requests : found.summaries.total.requests;
  if (requests === null || requests === 0) {
    throw problem('results.no-requests', {
      where: source.shown,
      found: requests === null ? `no number of requests in ${tool} results (${format})` : 'no request',
      expected: 'at least one HTTP request',
    });
  }
  const { endpoints: told, failures, startedMs, target } = found;
  const origin = { tool, format, endpoints: told, failures };
  if (found.kind === 'samples') {
    const { windows, endpoints } = found.samples;
    const durationMs = windows[0]?.durationMs ?? 0;
    return { origin: { ...origin, summaries: null }, windows, endpoints, startedMs, durationMs, target };
  }
  const { summaries } = found;
  assertCounts(summaries, source.shown);
  const durationMs = (summaries.total.seconds ?? 0) * 1_000;
  const nothing = { requests: [], errors: [], p50Us: [], p95Us: [], p99Us: [], maxUs: [] };
  return {
    origin: { ...origin, summaries },
    windows: [{ kind: 'stage', stage: 1, startMs: 0, durationMs }],
    endpoints: Object.keys(summaries.endpoints).map(name => ({ name, windows: [], seconds: nothing })),
    startedMs,
    durationMs,
    target,
  };
}

/** What is counted is a whole number. */
function assertCounts({ total, endpoints }: ResultSummaries, shown: string): void {
  for (const [scope, { requests, errors, bytes, statuses }] of [
    ['the total', total] as const,
    ...Object.entries(endpoints),
  ]) {
    const ofStatuses = Object.entries(statuses).map(
      ([status, count]) => [`status ${status}`, count] as const,
    );
    for (const [what, count] of [
      ['requests', requests],
      ['errors', errors],
      ['bytes', bytes],
      ...ofStatuses,
    ] as const) {
      if (count === null || Number.isSafeInteger(count)) continue;
      throw problem('results.invalid-value', {
        where: shown,
        found: `${count} ${what} of ${scope}`,
        expected: 'a whole number',
      });
    }
  }
}

async function resultsIn(
  file: ResultFile,
  tool: ResultTool,
): Promise<{ readonly format: string; readonly found: FoundResults }> {
  const { path, shown } = file;
  const binary = await binaryKind(path, shown);
  if (binary !== null) throw unreadable(file, tool, binary);
  const head = await readHead(file);
  if (head === '') {
    throw problem('file.empty', { where: shown, expected: `the results of ${tool}: ${formatsOf(tool)}` });
  }
  const lines = resultFormats.find(
    (format): format is LineFormat => format.kind === 'lines' && format.is(head),
  );
  if (lines) {
    assertOf(lines, file, tool);
    return { format: lines.name, found: await lines.read(file) };
  }
  if (!head.startsWith('{')) throw unreadable(file, tool, 'text');
  const document = parsed(await readText(path, shown, undefined, largestDocument), shown);
  const ofDocument = resultFormats.find(
    (format): format is DocumentFormat => format.kind === 'document' && format.is(document),
  );
  if (!ofDocument) throw unreadable(file, tool, 'JSON');
  assertOf(ofDocument, file, tool);
  return { format: ofDocument.name, found: ofDocument.read(document, file) };
}

/** JSON.parse is a tenth of the work of a reader that knows places; that one is asked only where something is wrong. */
function parsed(text: string, shown: string): { readonly [member: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (text.length <= largestText) readJson(text, shown);
    const found = 'text that is not JSON, or that breaks off';
    throw problem('file.syntax', { where: shown, found }, { cause });
  }
  return typeof value === 'object' && value !== null ? (value as { readonly [member: string]: unknown }) : {};
}

function assertOf(format: ResultFormat, { shown }: ResultFile, tool: ResultTool): void {
  if (format.tool === tool) return;
  throw problem('results.other-tool', {
    where: shown,
    found: `what looks like results of ${format.tool} (${format.name})`,
    expected: `results of ${tool}`,
    instead: `--from ${format.tool}`,
  });
}

function unreadable({ shown }: ResultFile, tool: ResultTool, kind: 'gzip' | 'binary' | 'text' | 'JSON') {
  const what = {
    gzip: 'a gzip file',
    binary: 'a binary file',
    text: 'another text',
    JSON: 'another JSON document',
  };
  return problem('results.unknown-format', {
    where: shown,
    found: what[kind],
    expected: `results of ${tool}: ${formatsOf(tool)}`,
    ...(kind === 'gzip' ? { instead: 'gunzip it first' } : {}),
  });
}

function formatsOf(tool: ResultTool): string {
  return resultFormats
    .filter(format => format.tool === tool)
    .map(({ name, made }) => `${name} (${made})`)
    .join(',\nor ');
}
