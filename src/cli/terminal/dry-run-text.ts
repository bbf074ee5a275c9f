import { type DryRun, foreseenText, type Plan } from '../../app.ts';

/** A dry run in words: the plan, what it will ask of each endpoint, and one sample request each. */
export function dryRunText({ plan, expected, unbudgeted, foreseen, budgetCount, samples }: DryRun): string {
  const lines = [
    `${plan.scenario}: nothing is sent, this is what a run would do`,
    `  target     ${plan.target.url}${plan.serve ? ` (started with: ${plan.serve.start})` : ''}`,
    `  load       ${loadText(plan)}`,
    `  budgets    ${budgetCount}`,
    '',
    '  endpoints',
  ];
  const width = Math.max(...plan.endpoints.map(({ name }) => name.length));
  for (const [index, { name }] of plan.endpoints.entries()) {
    const rate = expected?.[index];
    const amount = rate
      ? `${rate.perSecond.toFixed(1)} requests/s, ${Math.round(rate.requests)} in all`
      : 'as many as the answers allow';
    lines.push(`    ${name.padEnd(width)}  ${amount}${unbudgeted.includes(name) ? '  (no budget)' : ''}`);
  }
  if (foreseen.length > 0) lines.push('', ...foreseen.map(one => `  note: ${foreseenText(one)}`));
  lines.push('', '  one sample request each');
  for (const { text } of samples) {
    const shown = text.replace(/\r\n/g, '\n').trimEnd();
    lines.push('', ...shown.split('\n').map(line => `    ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

function loadText({ load }: Plan): string {
  const seconds = (ms: number) => `${ms / 1_000} s`;
  const unit = load.model === 'open' ? ' journeys/s' : ' users';
  const stages = load.stages.map(({ duration, from, to }) => {
    const level = from === to ? `${from}` : `${from} to ${to}`;
    return `${seconds(duration)} at ${level}${unit}`;
  });
  const warmup = load.warmup > 0 ? [`${seconds(load.warmup)} of warm-up`] : [];
  const count =
    load.model === 'closed' && load.iterations !== null ? [`${load.iterations} journeys in all`] : [];
  return [`${load.model} model`, ...warmup, ...stages, ...count].join(', ');
}

/** Dry runs as a JSON document, for programs. */
export function dryRunDocument(dryRuns: readonly DryRun[]): string {
  const runs = dryRuns.map(({ plan, expected, unbudgeted, foreseen, budgetCount, samples }) => ({
    scenario: plan.scenario,
    target: plan.target.url,
    serve: plan.serve?.start ?? null,
    load: loadText(plan),
    budgets: budgetCount,
    endpoints: plan.endpoints.map(({ name }, index) => ({
      name,
      requests: expected?.[index]?.requests ?? null,
      requestsPerSecond: expected?.[index]?.perSecond ?? null,
      hasBudget: !unbudgeted.includes(name),
      sample: samples[index]?.text ?? null,
    })),
    notes: foreseen.map(foreseenText),
  }));
  return `${JSON.stringify({ dryRun: true, runs }, null, 2)}\n`;
}
