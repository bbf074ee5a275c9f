import { analyse } from '../../analysis/analysis.ts';
import { onTimeFigures } from '../../analysis/figures.ts';
import { indexedMetrics } from '../../analysis/metrics/table.ts';
import { observe } from '../../analysis/observe.ts';
import type { IndexEntry, IndexFigures } from '../../model/judgement/baseline.ts';
import type { Scope } from '../../model/judgement/budget.ts';
import type { Observed } from '../../model/judgement/evidence.ts';
import type { Measurement, RunRecord } from '../../model/run/record.ts';
import { recordText } from './record-file.ts';

/** How precise a stored value is: finer than any histogram. */
const digits = 6;

/** The index entry of a run; `recordBytes` is the length of its stored record. */
export function indexEntryOf(
  record: RunRecord,
  recordBytes = Buffer.byteLength(recordText(record)),
): IndexEntry {
  const { header, measurement, baseline } = record;
  return {
    schemaVersion: 1,
    recordBytes,
    header,
    completion: measurement.completion.state,
    total: indexFigures(measurement, { kind: 'total' }),
    endpoints: measurement.endpoints.map(({ name }) => ({
      name,
      ...indexFigures(measurement, { kind: 'endpoint', endpoint: name }),
    })),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function indexFigures(measurement: Measurement, scope: Scope): IndexFigures {
  const analysis = analyse(measurement);
  const { figures } = analysis.of(scope);
  const metrics = indexedMetrics(analysis.signals);
  const observed = metrics.map(metric => [metric.name, observe(metric, figures)] as const);
  const ofResponse = metrics.filter(({ form }) => form.kind === 'time' && form.of === 'response');
  const withoutDelay = onTimeFigures(figures);
  return {
    requests: figures.requests,
    errors: figures.errors,
    metrics: Object.fromEntries(observed.map(([name, seen]) => [name, rounded(seen)])),
    atLeast: observed.flatMap(([name, seen]) => (seen?.atLeast ? [name] : [])),
    ...(figures.late() === 0
      ? {}
      : {
          onTime: Object.fromEntries(
            ofResponse.map(metric => [metric.name, rounded(observe(metric, withoutDelay))]),
          ),
        }),
  };
}

function rounded(seen: Observed | null): number | null {
  return seen === null ? null : Number(seen.value.toPrecision(digits));
}
