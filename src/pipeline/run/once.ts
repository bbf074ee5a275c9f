import { sendOnce } from '../../engine/once.ts';
import { powerless } from '../../model/powerless-text.ts';
import type { Exchange, OnceRun } from '../../model/run/exchange.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { type AttemptOptions, whileServed } from './attempt.ts';
import type { PreparedRun } from './prepare.ts';

/**
 * Serves the API where the scenario says so, and sends each step of each journey once. What comes of it can be shown: it holds
 * no secret, and nothing with power over a terminal. A target that cannot be reached at all is a `PlimsollError`.
 */
export async function runOnce(prepared: PreparedRun, options: AttemptOptions): Promise<OnceRun> {
  const { plan, addresses, unresolved } = prepared;
  if (unresolved !== null) throw unresolved;
  const { interrupt } = options;
  const redaction = new LearningRedactor(plan.secrets);
  const { exchanges, secrets } = await whileServed(prepared, redaction, options, () =>
    sendOnce(plan, { addresses, interrupt }),
  );
  redaction.learn(secrets);
  const show = (text: string) => powerless(redaction.clean(text.replaceAll('\r\n', '\n')));
  const requests = plan.journeys.reduce(
    (sum, { steps }) => sum + steps.filter(({ kind }) => kind === 'request').length,
    0,
  );
  const sent = new Set(exchanges.map(({ journey, step }) => `${step} ${journey}`)).size;
  return {
    scenario: plan.scenario,
    target: show(plan.target.url),
    exchanges: exchanges.map(exchange => shown(exchange, show)),
    unsent: requests - sent,
  };
}

function shown(exchange: Exchange, show: (text: string) => string): Exchange {
  const { request, answer, failure, captured } = exchange;
  return {
    ...exchange,
    request: show(request),
    answer: answer && { ...answer, head: show(answer.head), body: answer.body && show(answer.body) },
    failure: failure && { ...failure, detail: show(failure.detail) },
    captured: captured.map(({ name, value }) => ({ name, value: show(value) })),
  };
}
