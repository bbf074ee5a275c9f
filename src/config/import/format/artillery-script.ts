import { PlimsollError, problem } from '../../../model/error.ts';
import { parseJsonPath } from '../../grammar/json-path.ts';
import { carriedHeaders } from '../form/carried-headers.ts';
import { listIn, mapIn, readForeign, textIn } from '../form/foreign-document.ts';
import { ofOneHost, type PlacedRequest, type PlacedStep } from '../form/import-of.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported, ImportedBody, ImportedPair, ImportedStage } from '../form/imported.ts';
import { type ImportedText, plainOf, sentText, textWithHoles } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { recordedBody } from '../form/recorded-body.ts';
import { uploadsFile } from '../form/safe-method.ts';
import { variableName } from '../form/secret-variables.ts';
import { templatedUrl } from '../form/templated-url.ts';

type Part = { readonly [name: string]: unknown };
type Fill = (text: string) => ImportedText;

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** A loop is written out so often at most. */
const mostRounds = 20;

/** The scenarios of an Artillery script as journeys, and its phases as stages. */
export async function importArtillery(file: string, { cwd }: ImportOptions): Promise<Imported> {
  const { shown, value } = await readForeign(file, cwd);
  const script = mapIn(value);
  const config = mapIn(script.config);
  if (!Array.isArray(script.scenarios)) {
    throw problem('import.other-format', {
      where: shown,
      found: 'no list scenarios',
      expected: 'an Artillery script: config and scenarios',
    });
  }
  const omissions = new Omissions();
  for (const part of ['payload', 'plugins', 'processor', 'ensure', 'ws', 'socketio'].filter(
    name => name in config,
  )) {
    omissions.add(`config.${part}`, 'as a part of the script that does not map');
  }
  for (const part of ['before', 'after'].filter(name => name in script))
    omissions.add(part, 'as a part of the script that does not map');
  const headers = [mapIn(mapIn(config.http).defaults), mapIn(config.defaults)].flatMap(({ headers: given }) =>
    Object.entries(mapIn(given)),
  );
  const target = textIn(config.target) ?? '';
  const journeys = script.scenarios.map(mapIn).map((scenario, index) => {
    const flow = new Flow(target, headers, mapIn(config.variables), omissions);
    const weight = Number(scenario.weight ?? 1);
    return {
      name: textIn(scenario.name) ?? `scenario ${index + 1}`,
      weight: weight > 0 && weight <= 1_000_000 ? weight : 1,
      steps: flow.steps(scenario.flow),
    };
  });
  const title = shown.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const stages = stagesOf(config.phases, omissions);
  return {
    ...ofOneHost(journeys, omissions),
    source: `${shown} (Artillery)`,
    title,
    stages,
    isRecorded: true,
    omissions,
  };
}

/** The flow of one scenario, whose captures are known from step to step. */
class Flow {
  readonly #target: string;
  readonly #headers: readonly (readonly [string, unknown])[];
  readonly #variables: Part;
  readonly #omissions: Omissions;
  readonly #captured = new Set<string>();

  constructor(
    target: string,
    headers: readonly (readonly [string, unknown])[],
    variables: Part,
    omissions: Omissions,
  ) {
    this.#target = target;
    this.#headers = headers;
    this.#variables = variables;
    this.#omissions = omissions;
  }

  steps(flow: unknown): readonly PlacedStep[] {
    return listIn(flow)
      .map(mapIn)
      .flatMap(step => this.#stepsOf(step));
  }

  #stepsOf(step: Part): readonly PlacedStep[] {
    if (step.think !== undefined) {
      const seconds = secondsOf(step.think);
      if (seconds > 0 && seconds < 3_600) return [{ kind: 'pause', milliseconds: seconds * 1_000 }];
    }
    if (Array.isArray(step.loop)) {
      const rounds = Math.min(Number(step.count ?? 1) || 1, mostRounds);
      if (Number(step.count) > mostRounds)
        this.#omissions.add(
          `a loop of ${Number(step.count)} rounds`,
          `behind ${mostRounds} rounds, the rest of`,
        );
      return Array.from({ length: rounds }, () => this.steps(step.loop)).flat();
    }
    const method = methods.find(name => name in step);
    if (method === undefined) {
      this.#omissions.add(Object.keys(step)[0] ?? 'a step', 'as steps that do not map');
      return [];
    }
    const request = this.#request(method.toUpperCase(), mapIn(step[method]));
    return request === null ? [] : [request];
  }

  #request(method: string, written: Part): PlacedRequest | null {
    const path = textIn(written.url) ?? textIn(written.uri) ?? '/';
    const fill = this.#fill;
    const url = templatedUrl(
      fill(/^https?:\/\//i.test(path) ? path : this.#target.replace(/\/$/, '') + path),
    );
    const what = `${method} ${path}`;
    if (url === null) {
      this.#omissions.add(what, 'since it has no URL of http or https');
      return null;
    }
    const pairs = (map: unknown): readonly ImportedPair[] =>
      Object.entries(mapIn(map)).flatMap(([name, value]) => {
        const text = textIn(value);
        return text === null ? [] : [{ name, value: fill(text) }];
      });
    const own = Object.entries(mapIn(written.headers));
    const taken = new Set(own.map(([name]) => name.toLowerCase()));
    const common = this.#headers.filter(([name]) => !taken.has(name.toLowerCase()));
    const headers = carriedHeaders(pairs(Object.fromEntries([...common, ...own])));
    const body = bodyOf(written, headers, pairs, fill);
    if (typeof body === 'string') {
      this.#omissions.add(what, body);
      return null;
    }
    for (const part of ['beforeRequest', 'afterResponse', 'ifTrue', 'expect', 'match'].filter(
      name => name in written,
    )) {
      this.#omissions.add(`${part} of ${what}`, 'as a part of a request that does not map');
    }
    const query = [...url.query, ...pairs(written.qs)];
    const captures = this.#captures(written.capture, what);
    return { kind: 'request', method, ...url, query, headers, body, name: textIn(written.name), captures };
  }

  /** A captured value, a variable of the script, or else one of the environment. */
  readonly #fill: Fill = text =>
    textWithHoles(text, name => {
      if (this.#captured.has(name)) return [{ kind: 'capture', name }];
      const value = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
      const known = textIn(Array.isArray(value) ? value[0] : value);
      return known === null
        ? [{ kind: 'variable', name: variableName(name.replace(/^\$\w+\./, '')) }]
        : sentText(known);
    });

  #captures(written: unknown, what: string): PlacedRequest['captures'] {
    const all = (Array.isArray(written) ? written : written === undefined ? [] : [written]).map(mapIn);
    return all.flatMap(({ json, as }) => {
      const [path, name] = [textIn(json), textIn(as)];
      if (path === null || name === null || !/^[A-Za-z_]\w{0,60}$/.test(name) || !isJsonPath(path)) {
        this.#omissions.add(`${name ?? 'one'} of ${what}`, 'as captures that do not map');
        return [];
      }
      this.#captured.add(name);
      return [{ name, path }];
    });
  }
}

function isJsonPath(path: string): boolean {
  try {
    parseJsonPath(path);
    return path.startsWith('$');
  } catch (error) {
    if (error instanceof PlimsollError) return false;
    throw error;
  }
}

/** The body, or why it cannot be carried over. */
function bodyOf(
  written: Part,
  headers: readonly ImportedPair[],
  pairs: (map: unknown) => readonly ImportedPair[],
  fill: Fill,
): ImportedBody | null | string {
  if (written.form !== undefined) return { kind: 'form', fields: pairs(written.form) };
  if (written.formData !== undefined) {
    const isFile = Object.values(mapIn(written.formData)).some(value => textIn(value) === null);
    return isFile ? uploadsFile : { kind: 'multipart', fields: pairs(written.formData) };
  }
  const given = written.json === undefined ? textIn(written.body) : JSON.stringify(written.json);
  if (given === null || given === undefined) return null;
  const type = headers.find(({ name }) => name === 'content-type')?.value ?? [];
  const media = plainOf(type) || (written.json === undefined ? 'text/plain' : 'application/json');
  const text = fill(given);
  const plain = plainOf(text);
  return plain === null ? { kind: 'text', type: media, text } : recordedBody(media, plain);
}

/** Phases of arrivals; those of another kind are left out. */
function stagesOf(phases: unknown, omissions: Omissions): readonly ImportedStage[] | null {
  const stages = listIn(phases)
    .map(mapIn)
    .flatMap(({ duration, arrivalRate, arrivalCount, rampTo, name }): readonly ImportedStage[] => {
      const seconds = secondsOf(duration);
      const rate = arrivalCount === undefined ? Number(arrivalRate) : Number(arrivalCount) / seconds;
      const end = rampTo === undefined ? rate : Number(rampTo);
      const isLoad =
        seconds > 0 &&
        seconds <= 86_400 &&
        rate >= 0 &&
        end >= 0 &&
        rate + end >= 0.01 &&
        rate + end < 100_000;
      if (isLoad) return [{ seconds: Math.max(seconds, 0.1), from: rate, to: end }];
      omissions.add(textIn(name) ?? 'a phase', 'as phases that do not map');
      return [];
    });
  return stages.length === 0 ? null : stages;
}

function secondsOf(duration: unknown): number {
  const [, number, unit] =
    /^([\d.]+)\s*(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?$/.exec(
      textIn(duration) ?? '',
    ) ?? [];
  const factor = /^(?:ms|mill)/.test(unit ?? '')
    ? 0.001
    : unit?.startsWith('m')
      ? 60
      : unit?.startsWith('h')
        ? 3_600
        : 1;
  return Number(number) * factor;
}
