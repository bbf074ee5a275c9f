import { sendOtlp } from '../../deliver/otlp.ts';
import { NotDelivered, post } from '../../deliver/post.ts';
import { groupUrl } from '../../deliver/push-gateway.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Verdict } from '../../model/judgement/verdict.ts';
import type { Document } from '../../report/document/document.ts';
import { jsonMessage, slackMessage, teamsMessage } from '../../report/export/chat-message.ts';
import { prometheusByScenario } from '../../report/export/prometheus.ts';
import { gaugesOf } from '../../report/export/series.ts';
import type { OpenDelivery } from './deliveries.ts';

/** What is delivered: a report, and what decides whether somebody is told. */
export interface Delivered {
  readonly document: Document;
  readonly exitCode: number;
  /** The verdicts of the stored runs that these were compared with, where they are known. */
  readonly earlier: readonly Verdict[];
}

/** The verdicts with which the runs were saved that these were compared with. */
export function earlierVerdicts(runs: readonly JudgedRun[]): readonly Verdict[] {
  return runs.flatMap(({ judgement: { comparison } }) => {
    const verdict =
      comparison.state === 'compared' ? comparison.basis.reference.entry.baseline?.verdict : undefined;
    return verdict ?? [];
  });
}

/** Tells every receiver whose occasion it is, at once; what one of them did not take is answered, and stops no other. */
export async function deliverAll(
  delivered: Delivered,
  deliveries: readonly OpenDelivery[],
  mostMs?: number,
): Promise<readonly PlimsollError[]> {
  const due = deliveries.filter(delivery => isDue(delivery, delivered));
  const ended = await Promise.all(
    due.map(async delivery => {
      try {
        await deliver(delivered.document, delivery, mostMs);
        return [];
      } catch (error) {
        if (error instanceof PlimsollError) return [error];
        if (!(error instanceof NotDelivered)) throw error;
        return [failed(delivery, error)];
      }
    }),
  );
  return ended.flat();
}

function failed({ name, clean }: OpenDelivery, { message }: NotDelivered): PlimsollError {
  return new PlimsollError([
    ...problem('delivery.failed', { where: name, found: clean(message).slice(0, 500) }).problems,
  ]);
}

function isDue({ to, when }: OpenDelivery, { document, exitCode, earlier }: Delivered): boolean {
  const usual = to === 'pushgateway' || to === 'otlp' ? 'always' : 'fail';
  switch (when ?? usual) {
    case 'always':
      return true;
    case 'fail':
      return exitCode !== 0;
    case 'change': {
      const { verdict } = document.sentence;
      const before = earlier.length === 0 ? ['pass'] : earlier;
      return verdict !== null && !before.includes(verdict);
    }
  }
}

async function deliver(document: Document, delivery: OpenDelivery, mostMs?: number): Promise<void> {
  const { to, url, headers = {}, link } = delivery;
  if (to === 'otlp') {
    const gauges = gaugesOf(document);
    if (gauges.length > 0) await sendOtlp(gauges, { url, headers }, mostMs);
    return;
  }
  if (url === null) return;
  if (to === 'pushgateway') {
    const { job = 'plimsoll', labels = {} } = delivery;
    for (const [scenario, body] of prometheusByScenario(document)) {
      const group = groupUrl(url, job, { ...labels, scenario });
      await post(
        {
          url: group,
          method: 'PUT',
          headers: { 'content-type': 'text/plain; version=0.0.4', ...headers },
          body,
        },
        mostMs,
      );
    }
    return;
  }
  const write = { slack: slackMessage, teams: teamsMessage, webhook: jsonMessage }[to];
  await post(
    {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: write(document, link),
    },
    mostMs,
  );
}
