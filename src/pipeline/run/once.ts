import { type OnceTerms, sendOnce } from '../../engine/once.ts';
import { powerless } from '../../model/powerless-text.ts';
import type { DescriptionCheck, SeenAnswer } from '../../model/run/description.ts';
import type { Exchange, OnceRun } from '../../model/run/exchange.ts';
import type { Plan } from '../../model/run/plan.ts';
import { conditionalSteps, stepNumber } from '../../model/run/step-paths.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { withSecrets } from '../credentials/secrets.ts';
import { withTokens } from '../credentials/tokens.ts';
import { descriptionOf } from '../description/described-answers.ts';
import { type AttemptOptions, whileServed } from './attempt.ts';
import { setUp, teardown } from './framing.ts';
import type { PreparedRun } from './prepare.ts';

/**
 * Serves the API where the scenario says so, and sends each step of each journey once. What comes of it can be shown: it holds
 * no secret, and nothing with power over a terminal. A target that cannot be reached at all is a `PlimsollError`.
 */
export async function runOnce(given: PreparedRun, options: AttemptOptions): Promise<OnceRun> {
  const { addresses, unresolved, tokenAddresses } = given;
  if (unresolved !== null) throw unresolved;
  const plan = await withSecrets(given.plan, options);
  const prepared = { ...given, plan };
  const { interrupt } = options;
  const redaction = new LearningRedactor(plan.secrets);
  const show = (text: string) => powerless(redaction.clean(text.replaceAll('\r\n', '\n')));
  const terms = { addresses, interrupt };
  const answers: SeenAnswer[] = [];
  const onAnswer = (answer: SeenAnswer) => answers.push(answer);
  const exchanges = await whileServed(prepared, redaction, options, () =>
    allOnce(plan, redaction, tokenAddresses, {
      ...terms,
      ...(prepared.description === null ? {} : { onAnswer }),
    }),
  );
  const description = await descriptionOf(prepared, answers);
  const { setup = null, teardown: last = null } = plan.framing ?? {};
  const journeys = [setup, ...plan.journeys, last].filter(journey => journey !== null);
  const sent = new Set(exchanges.map(({ journey, step }) => `${step} ${journey}`));
  const asked = journeys.flatMap(({ name, steps }) => {
    const conditional = conditionalSteps(steps);
    return steps.flatMap((step, at) =>
      step.kind === 'request' && !conditional[at] ? `${stepNumber(steps, at)} ${name}` : [],
    );
  });
  return {
    scenario: plan.scenario,
    target: show(plan.target.url),
    exchanges: exchanges.map(exchange => shown(exchange, show)),
    unsent: asked.filter(one => !sent.has(one)).length,
    ...(description === null ? {} : { description: cleaned(description, show) }),
  };
}

/** The setup, each journey, the teardown; a setup that fails ends it. */
async function allOnce(
  plan: Plan,
  redaction: LearningRedactor,
  addresses: PreparedRun['tokenAddresses'],
  terms: OnceTerms,
): Promise<readonly Exchange[]> {
  const { interrupt } = terms;
  const tokens = await withTokens(plan, { redaction, interrupt, addresses });
  const { plan: ready, sent } = await setUp(tokens.plan, redaction, terms);
  const before = sent?.exchanges ?? [];
  if (before.some(({ failure }) => failure !== null)) return before;
  const amid = await sendOnce(ready, terms);
  redaction.learn(amid.secrets);
  const { sent: after } = await teardown(ready, redaction, terms);
  return [...before, ...amid.exchanges, ...(after?.exchanges ?? [])];
}

function cleaned(found: DescriptionCheck, show: (text: string) => string): DescriptionCheck {
  return { ...found, drifts: found.drifts.map(one => ({ ...one, detail: one.detail && show(one.detail) })) };
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
