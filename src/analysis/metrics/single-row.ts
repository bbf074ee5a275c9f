import type { Metric, MetricRow } from '../../model/judgement/metric.ts';

/** A row of one metric with one name. */
export function singleRow(
  metric: Metric,
  {
    limit,
    standingLimit = null,
    compared,
  }: Pick<MetricRow, 'limit'> & {
    readonly standingLimit?: number | null;
    /** Whether a green run needs its comparison; left out where it is not compared. */
    readonly compared?: 'required' | 'optional';
  },
): MetricRow {
  const { name } = metric;
  return {
    names: name.replaceAll('.', '\\.'),
    metric: () => metric,
    offered: [name],
    isOpen: false,
    examples: [name],
    indexed: [name],
    compared: compared === undefined ? [] : [{ name, required: compared === 'required' }],
    limit,
    standingLimit,
  };
}
