import type { Plan, Target } from '../../model/run/plan.ts';
import type {
  Capture,
  Journey,
  RequestStep,
  Step,
  Template,
  TransactionStep,
  WayStep,
} from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';
import { secretSlots } from '../../safety/found-secrets.ts';
import { LearnedSecrets } from '../../safety/learned-secrets.ts';
import { linearSearch } from '../../safety/linear-pattern.ts';
import {
  checksBody,
  checksJson,
  expectsOf,
  readsBody,
  readsItsHead,
  readsJson,
} from '../answer/answer-reading.ts';
import type { ReadyCapture } from '../answer/captured-value.ts';
import { markupSearch } from '../answer/markup.ts';
import type { PreparedThink } from '../draws/draws.ts';
import { scarcestSet, slotsThatKeepNull } from '../form/expressions.ts';
import type { Fill, Rendered } from '../form/rendered.ts';
import { requestForm } from '../form/request-form.ts';
import type { ScriptedUser } from '../form/scripted-user.ts';
import type { SentFile } from '../form/shown-request.ts';
import { type ReadyStream, readyStream } from '../stream/ready-stream.ts';
import { StreamNotes } from '../stream/stream-notes.ts';
import { type AnswerChecks, answerChecks } from './answer-checks.ts';
import { asksGraphql, ErrorLook } from './error-look.ts';

/** A capture made ready, and where its value is kept. */
type PreparedCapture = ReadyCapture & Pick<Capture, 'slot'>;

/** A request step made ready: everything that can be decided before the load is. */
export interface PreparedRequest {
  readonly kind: 'request';
  readonly endpoint: number;
  readonly headRequest: boolean;
  readonly timeout: Micros;
  /** The request's bytes where they never change; null where they are built for each user. */
  readonly bytes: Buffer | null;
  render(fill: Fill, user: ScriptedUser): Rendered;
  /** The files in it, which nobody is shown. */
  readonly files: readonly SentFile[];
  /** Whether a status is an expected one. */
  expects(status: number): boolean;
  /** Whether anything of the answer is read but its status. */
  readonly readsAnswer: boolean;
  /** Whether the head must be kept: where it is read, or says how to read the body. */
  readonly readsHead: boolean;
  /** Whether the body must be kept, to be checked or read. */
  readonly readsBody: boolean;
  /** Whether the body must be JSON. */
  readonly readsJson: boolean;
  /** Whether something besides captures reads the body. */
  readonly checksBody: boolean;
  /** Counts answers that count as ok and hold errors of GraphQL; null where that fails them, or where nobody looks. */
  readonly errorLook: ErrorLook | null;
  /** The largest body in bytes, content codings undone. */
  readonly maxBody: number;
  /** What is checked of its answers; null where nothing is but whether the status is a usual one. */
  readonly checks: AnswerChecks | null;
  /** Whether the signal `checks` says what came of them. */
  readonly hasChecks: boolean;
  /** How its answer is read event by event; null where it is read as a whole. */
  readonly stream: ReadyStream | null;
  readonly captures: readonly PreparedCapture[];
  /** Where cookies and redirects belong to; null where nobody keeps cookies, and no redirect is followed. */
  readonly site: Target | null;
  readonly keepsCookies: boolean;
  /** The requests that follow a redirect, with the step's own method and with GET; null where none is followed. */
  readonly detours: { readonly same: PreparedRequest; readonly asGet: PreparedRequest } | null;
  /** Capture slots that must be filled before this request can be made. */
  readonly needs: readonly number[];
}

/** Requests that are made at once, each a journey of its own: the steps behind it hold them as well. */
export interface PreparedParallel {
  readonly kind: 'parallel';
  readonly journeys: readonly PreparedJourney[];
}

/** One step made ready. */
export type PreparedStep = PreparedRequest | PreparedThink | TransactionStep | WayStep | PreparedParallel;

/** A journey made ready. */
export interface PreparedJourney {
  readonly steps: readonly PreparedStep[];
  readonly slots: number;
  /** What it is measured as, as a whole; null where it is not. */
  readonly transaction: number | null;
  /** The data set of which it needs a row of its own and that is over first, and how many rows that has; null for none. */
  readonly once: { readonly set: number; readonly rows: number } | null;
  /** The slots of captures that are secrets, and what they captured. */
  readonly secretSlots: ReadonlySet<number>;
  readonly learned: LearnedSecrets;
}

/** What the requests of a plan share. */
interface Shared {
  /** By endpoint. */
  readonly looks: readonly ErrorLook[];
  readonly notes: StreamNotes;
}

/** Prepares every journey of a plan; a JSON Schema that does not compile is a `PlimsollError`. */
export function prepareJourneys(
  plan: Plan,
  keepsAnswers?: true,
  notes = new StreamNotes(),
): readonly PreparedJourney[] {
  const shared = { looks: plan.endpoints.map((_, endpoint) => new ErrorLook(endpoint)), notes };
  return plan.journeys.map(journey => {
    const secrets = { secretSlots: secretSlots(journey), learned: new LearnedSecrets() };
    const common = { slots: journey.slots, ...secrets };
    const steps = prepareSteps(plan, journey, shared, keepsAnswers);
    return {
      ...common,
      transaction: journey.transaction ?? null,
      once: scarcestSet(journey, plan),
      steps: steps.map((step, index): PreparedStep => {
        const original = journey.steps[index];
        if (original?.kind !== 'parallel') return step;
        const together = steps.slice(index + 1, index + 1 + original.count);
        const alone = together.map(one => ({ ...common, transaction: null, once: null, steps: [one] }));
        return { kind: 'parallel', journeys: alone };
      }),
    };
  });
}

/** Steps that are repeated are made ready once. */
function prepareSteps(
  plan: Plan,
  journey: Journey,
  shared: Shared,
  keepsAnswers: true | undefined,
): readonly PreparedStep[] {
  const ready = new Map<Step, PreparedStep>();
  return journey.steps.map(step => {
    const prepared = ready.get(step) ?? prepareStep(plan, step, journey, shared);
    const kept = keepsAnswers && prepared.kind === 'request' ? keeping(prepared, shared) : prepared;
    ready.set(step, kept);
    return kept;
  });
}

/** A request whose answer is kept as well where nothing reads it; a body only where it is small. */
function keeping(request: PreparedRequest, { looks }: Shared): PreparedRequest {
  const { detours, endpoint, errorLook } = request;
  const look = errorLook ?? looks[endpoint] ?? null;
  const kept = (one: PreparedRequest) => Object.assign(one, { readsHead: true, errorLook: look });
  if (detours !== null) for (const one of [detours.same, detours.asGet]) kept(one);
  return kept({ ...request });
}

function prepareStep(plan: Plan, step: Step, journey: Journey, shared: Shared): PreparedStep {
  if (step.kind === 'think') {
    const [min, max] = [millisToMicros(step.min), millisToMicros(step.max)];
    return { kind: 'think', min, max, mean: step.mean === undefined ? null : millisToMicros(step.mean) };
  }
  if (step.kind !== 'request') return step.kind === 'parallel' ? { kind: 'parallel', journeys: [] } : step;
  const request = prepareRequest(plan, step, journey, shared);
  if (step.redirects === undefined) return request;
  const detour = (to: RequestStep) => ({ ...request, ...formOf(plan, to, journey) });
  const path: Template = { literals: ['', ''], expressions: [{ kind: 'redirect', link: true }] };
  const same = detour({ ...step, path });
  const isBodiless = step.method === 'GET' || step.method === 'HEAD';
  const asGet = isBodiless ? same : detour(withoutBody({ ...step, path, method: 'GET' }));
  const detours = { same, asGet };
  for (const one of [same, asGet]) Object.assign(one, { detours });
  return { ...request, detours };
}

/** A request that lost its body to a redirect says nothing of that body either. */
function withoutBody(step: RequestStep): RequestStep {
  return { ...step, body: null, headers: step.headers.filter(({ name }) => !name.startsWith('content-')) };
}

function formOf(plan: Plan, step: RequestStep, journey: Journey) {
  const { bytes, expressions, files, render } = requestForm(plan, step, journey);
  const needs = expressions.flatMap(expression => (expression.kind === 'capture' ? [expression.slot] : []));
  return { headRequest: step.method === 'HEAD', bytes, files, render, needs };
}

function prepareRequest(
  plan: Plan,
  step: RequestStep,
  journey: Journey,
  { looks, notes }: Shared,
): PreparedRequest {
  const keepNull = slotsThatKeepNull(journey);
  const { captures, endpoint, stream } = step;
  const expects = expectsOf(step.expect);
  const checks = answerChecks(step, plan, journey);
  const readsSite = plan.cookies === true || step.redirects !== undefined;
  return {
    kind: 'request',
    endpoint,
    timeout: micros(millisToMicros(step.timeout)),
    ...formOf(plan, step, journey),
    expects,
    readsAnswer:
      readsBody(step) || captures.length > 0 || readsSite || checks !== null || stream !== undefined,
    readsHead: readsBody(step) || readsItsHead(step) || readsSite || stream !== undefined,
    readsBody: readsBody(step),
    readsJson: checksJson(step) || captures.some(readsJson),
    checksBody: checksBody(step),
    errorLook: looksForErrors(step, plan) ? (looks[endpoint] ?? null) : null,
    maxBody: plan.transport.maxResponse,
    checks,
    hasChecks: checks !== null && plan.signals.some(({ name }) => name === 'checks'),
    stream: stream === undefined ? null : readyStream(endpoint, stream, expects, notes),
    captures: captures.map(capture => ({
      ...capture,
      keepsNull: keepNull.has(capture.slot),
      markup: 'select' in capture ? markupSearch(capture.select, capture.attribute) : null,
      search: capture.match === undefined ? null : linearSearch(capture.match),
    })),
    site: plan.cookies || step.redirects ? plan.target : null,
    keepsCookies: plan.cookies === true,
    detours: null,
  };
}

/** Whether errors of GraphQL in a step's answers are counted: where its body is read anyway, or it looks like GraphQL. */
function looksForErrors(step: RequestStep, { target }: Plan): boolean {
  return step.expect.graphql === undefined && (readsBody(step) || asksGraphql(step, target));
}

/** Of the answers of a plan, whether it keeps any body, and whether any head without its body. */
export function keptOf(plan: Plan): { readonly bodies: boolean; readonly heads: boolean } {
  const steps = plan.journeys.flatMap(({ steps: all }) => all.filter(step => step.kind === 'request'));
  return {
    bodies: steps.some(step => readsBody(step) || looksForErrors(step, plan) || step.stream !== undefined),
    heads: plan.cookies === true || steps.some(step => step.redirects || readsItsHead(step)),
  };
}
