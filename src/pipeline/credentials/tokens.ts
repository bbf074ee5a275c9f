import { type PlimsollError, problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Template } from '../../model/run/scenario.ts';
import type { TokenRequest } from '../../model/run/signing.ts';
import type { LearningRedactor } from '../../safety/secret.ts';
import { askForToken } from './token-exchange.ts';

/** A token is fetched anew so long before it expires, or after four fifths of a short life. */
const marginMs = 60_000;
/** One that could not be fetched anew is asked for again after so long. */
const retryMs = 5_000;
/** Timers take no more. */
const longestMs = 2 ** 31 - 1;

/** A token, and when on the clock of `performance` it is to be fetched anew; null for never. */
interface Token {
  readonly text: string;
  readonly renewAtMs: number | null;
}

/** What knows a plan's tokens. */
export interface TokenTerms {
  readonly redaction: LearningRedactor;
  readonly interrupt?: AbortSignal | undefined;
  /** Where each of its token endpoints is, in their order; by their names, if those are private, where it is left out. */
  readonly addresses?: readonly (readonly string[])[] | undefined;
}

/** A plan with its tokens, and what renews them during the load. */
export interface Tokens {
  readonly plan: Plan;
  /** Hands over the row with the tokens whenever one is new, until it is stopped; answers what stops it. */
  keepFresh(fill: (set: number, row: readonly string[]) => void): void;
  /** Stops renewing; answers what could not be renewed, or null. */
  stop(): PlimsollError | null;
}

/** Fetches the tokens of a plan; one that cannot be fetched is `auth.token-failed`. */
export async function withTokens(plan: Plan, terms: TokenTerms): Promise<Tokens> {
  const { redaction, interrupt, addresses } = terms;
  const { tokens = [], data } = plan;
  const set = data.findIndex(({ ofSecrets }) => ofSecrets === 'tokens');
  if (tokens.length === 0) return { plan, keepFresh: () => {}, stop: () => null };
  const textOf = ({ literals, expressions }: Template) =>
    expressions.reduce((text, expression, hole) => {
      const value = expression.kind === 'data' ? data[expression.set]?.rows[0]?.[expression.column] : '';
      return text + (value ?? '') + (literals[hole + 1] ?? '');
    }, literals[0] ?? '');
  const stopping = new AbortController();
  const renew = async (request: TokenRequest<Template>): Promise<Token> => {
    const signals = [stopping.signal, ...(interrupt === undefined ? [] : [interrupt])];
    const at = addresses?.[tokens.indexOf(request)];
    const exchange = { addresses: at, interrupt: AbortSignal.any(signals) };
    const token = await fetched(request, redaction, () => askForToken(plan, request, textOf, exchange));
    redaction.learn([token.text]);
    return token;
  };
  const first: Token[] = [];
  for (const request of tokens) first.push(await renew(request));
  const row = first.map(({ text }) => text);
  const timers = new Set<NodeJS.Timeout>();
  let failure: PlimsollError | null = null;
  const keep = (index: number, atMs: number | null, fill: Parameters<Tokens['keepFresh']>[0]): void => {
    const request = tokens[index];
    if (atMs === null || request === undefined || stopping.signal.aborted) return;
    const timer = setTimeout(
      async () => {
        timers.delete(timer);
        try {
          const { text, renewAtMs } = await renew(request);
          row[index] = text;
          fill(set, [...row]);
          keep(index, renewAtMs, fill);
        } catch (error) {
          if (stopping.signal.aborted) return;
          failure = error as PlimsollError;
          keep(index, performance.now() + retryMs, fill);
        }
      },
      Math.min(Math.max(0, atMs - performance.now()), longestMs),
    );
    timers.add(timer);
  };
  return {
    plan: { ...plan, data: data.map((one, index) => (index === set ? { ...one, rows: [[...row]] } : one)) },
    keepFresh: fill => {
      for (const [index, { renewAtMs }] of first.entries()) keep(index, renewAtMs, fill);
    },
    stop: () => {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      return failure;
    },
  };
}

async function fetched(
  { where }: TokenRequest<Template>,
  { clean }: LearningRedactor,
  ask: () => ReturnType<typeof askForToken>,
): Promise<Token> {
  const fail = (found: string) =>
    problem('auth.token-failed', {
      where,
      found: clean(found),
      expected: 'JSON with an access_token from tokenUrl',
    });
  const { status, text, failure } = await ask();
  if (failure !== null && failure.kind !== 'status') throw fail(`${failure.kind}, ${failure.detail}`);
  const answer = asMap(text);
  const { access_token: token, expires_in: expires, error } = answer;
  if (status < 200 || status > 299) {
    throw fail(`status ${status}${typeof error === 'string' ? `, ${error.slice(0, 100)}` : ''}`);
  }
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
    throw fail(`status ${status} without an access_token`);
  const livesMs = Number(expires) * 1_000;
  if (!(livesMs > 0)) return { text: token, renewAtMs: null };
  const renewAfterMs = Math.max(livesMs - marginMs, livesMs * 0.8, 100);
  return { text: token, renewAtMs: performance.now() + renewAfterMs };
}

function asMap(text: string): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : {};
  } catch {
    return {};
  }
}
