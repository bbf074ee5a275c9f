import { type OnceTerms, type SentOnce, sendOnce } from '../../engine/once.ts';
import { type PlimsollError, problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Journey } from '../../model/run/scenario.ts';
import { secretsInData } from '../../safety/found-secrets.ts';
import type { LearningRedactor } from '../../safety/secret.ts';

/** Makes a plan's setup once; the plan then holds what it captured. */
export async function setUp(
  plan: Plan,
  redaction: LearningRedactor,
  terms: OnceTerms,
): Promise<{ readonly plan: Plan; readonly sent: SentOnce | null }> {
  const { setup = null } = plan.framing ?? {};
  if (setup === null) return { plan, sent: null };
  const sent = await sendFraming(plan, setup, redaction, terms);
  return { plan: filled(plan, sent, redaction), sent };
}

/** The plan after its setup; a request of it that fails is `setup.failed`. */
export async function afterSetup(plan: Plan, redaction: LearningRedactor, terms: OnceTerms): Promise<Plan> {
  const { plan: ready, sent } = await setUp(plan, redaction, terms);
  const failure = sent && failureOf('setup', plan, sent, redaction);
  if (failure !== null && !terms.interrupt?.aborted) throw failure;
  return ready;
}

/** Makes a plan's teardown once, whatever became of the load; answers what is wrong with it, or null. */
export async function teardown(
  plan: Plan,
  redaction: LearningRedactor,
  terms: OnceTerms,
): Promise<{ readonly problem: PlimsollError | null; readonly sent: SentOnce | null }> {
  const { teardown: last = null } = plan.framing ?? {};
  if (last === null) return { problem: null, sent: null };
  const sent = await sendFraming(plan, last, redaction, terms);
  return { problem: failureOf('teardown', plan, sent, redaction), sent };
}

async function sendFraming(
  plan: Plan,
  journey: Journey,
  redaction: LearningRedactor,
  terms: OnceTerms,
): Promise<SentOnce> {
  const endpoints = plan.framing?.endpoints ?? [];
  const sent = await sendOnce({ ...plan, journeys: [journey], endpoints, signals: [] }, terms);
  redaction.learn(sent.secrets);
  return sent;
}

const codes = { setup: 'setup.failed', teardown: 'teardown.failed' } as const;

function failureOf(
  what: 'setup' | 'teardown',
  plan: Plan,
  { exchanges }: SentOnce,
  { clean }: LearningRedactor,
): PlimsollError | null {
  const failed = exchanges.find(({ failure }) => failure !== null);
  if (failed?.failure == null) return null;
  const { step, endpoint, failure } = failed;
  return problem(codes[what], {
    where: `${plan.file ?? plan.scenario}, ${what}[${step - 1}]`,
    found: clean(`${endpoint}: ${failure.kind}, ${failure.detail}`),
    instead: `plimsoll run ${plan.file ?? 'SCENARIO'} --once, which shows its requests and answers`,
  });
}

/** The plan with the cookies of the setup, and with the values in the row that stands for it; those that go where secrets do are secrets. */
function filled(plan: Plan, { captured, cookies }: SentOnce, redaction: LearningRedactor): Plan {
  const data = plan.data.map(set =>
    set.ofSetup
      ? {
          ...set,
          rows: [set.columns.map((_, slot) => captured[slot]?.text ?? '')],
          typed: [set.columns.map((_, slot) => captured[slot]?.isJson === true)],
        }
      : set,
  );
  const last = plan.framing?.teardown;
  redaction.learn(secretsInData(data, last ? [...plan.journeys, last] : plan.journeys));
  return { ...plan, data, ...(cookies.length === 0 ? {} : { setupCookies: cookies }) };
}
