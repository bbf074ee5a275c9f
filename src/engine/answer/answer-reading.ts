import type { Capture, Check, Expectation, RequestStep } from '../../model/run/scenario.ts';

/** Whether a step's answers are read beyond their head. */
export function readsBody(step: RequestStep): boolean {
  return (
    checksBody(step) ||
    step.captures.some(capture => readsJson(capture) || 'body' in capture || 'select' in capture)
  );
}

/** Whether a step's checks read the body. */
export function checksBody(step: RequestStep): boolean {
  return step.check !== undefined || checksJson(step) || checks(step, 'body');
}

/** Whether a step's checks read the body as JSON. */
export function checksJson(step: RequestStep): boolean {
  return step.expect.schema !== null || step.expect.graphql !== undefined || checks(step, 'json');
}

function checks({ expect }: RequestStep, what: Check['kind']): boolean {
  return expect.checks?.some(({ kind }) => kind === what) ?? false;
}

/** Whether a step reads the head of its answers by itself. */
export function readsItsHead(step: RequestStep): boolean {
  return checks(step, 'header') || step.captures.some(readsHead);
}

/** Whether a capture reads the body as JSON. */
export const readsJson = (capture: Capture) => 'path' in capture || 'query' in capture;
const readsHead = (capture: Capture) => 'header' in capture || 'cookie' in capture;

/** Whether a status is an expected one. */
export function expectsOf({ statuses }: Expectation): (status: number) => boolean {
  if (statuses === null) return status => status >= 200 && status < 400;
  const expected = new Set(statuses);
  return status => expected.has(status);
}
