import { type Contestant, type DuetRecord, urlsOf } from '../../model/duet/duet.ts';
import type { Plan } from '../../model/run/plan.ts';
import { redactor } from '../../safety/secret.ts';

/** A record without the secrets of its plan, wherever they may have got in. */
export function withoutPlanSecrets(record: DuetRecord, { secrets }: Plan): DuetRecord {
  const clean = redactor(secrets);
  const { end, contestants, header } = record;
  const url = (side: Contestant): Contestant => {
    const [first = '', ...others] = urlsOf(side).map(clean);
    return side.kind === 'url' ? { ...side, url: first, ...(side.others ? { others } : {}) } : side;
  };
  return {
    ...record,
    header: { ...header, command: clean(header.command) },
    contestants: { base: url(contestants.base), head: url(contestants.head) },
    end: end.state === 'broken' ? { ...end, reason: clean(end.reason) } : end,
  };
}
