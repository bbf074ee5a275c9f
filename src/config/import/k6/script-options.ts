import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportedLoad, ImportedStage } from '../form/imported.ts';
import type { Omissions } from '../form/omissions.ts';

/** What the options of a script say. */
export interface ScriptOptions {
  /** Null where they say nothing of load. */
  readonly load: ImportedLoad | null;
  /** The names of the functions that make a journey each. */
  readonly functions: readonly string[];
  /** Limits on the total, by metrics of budgets. */
  readonly budgets: { readonly [metric: string]: string };
}

/** Reads the options of a script; what does not map is listed. */
export function scriptOptions(options: unknown, omissions: Omissions): ScriptOptions {
  const { scenarios, thresholds, vus, duration, iterations, stages, ...others } = mapIn(options);
  const known = [
    'summaryTrendStats',
    'discardResponseBodies',
    'userAgent',
    'ext',
    'cloud',
    'tags',
    'systemTags',
  ];
  for (const name of Object.keys(others).filter(one => !known.includes(one)))
    omissions.add(`options.${name}`, 'as options that do not map');
  const named = Object.entries(mapIn(scenarios)).map(
    ([name, value]) => ({ name, ...mapIn(value) }) as { readonly [key: string]: unknown },
  );
  const loads = named.flatMap(scenario => loadOf(scenario, omissions) ?? []);
  if (loads.length > 1)
    omissions.add(
      `${loads.length - 1} of options.scenarios`,
      'as loads of their own: a scenario has one, here the first,',
    );
  const usual = loadOf(
    {
      name: 'options',
      executor:
        stages !== undefined
          ? 'ramping-vus'
          : iterations !== undefined
            ? 'shared-iterations'
            : 'constant-vus',
      ...{ vus, duration, iterations, stages },
      ...(iterations !== undefined && duration !== undefined ? { maxDuration: duration } : {}),
    },
    omissions,
  );
  const isSaid = [vus, duration, iterations, stages].some(value => value !== undefined);
  return {
    load: loads[0] ?? (isSaid ? usual : null),
    functions:
      named.length === 0 ? ['default'] : [...new Set(named.map(({ exec }) => textIn(exec) ?? 'default'))],
    budgets: budgetsOf(thresholds, omissions),
  };
}

function loadOf(scenario: { readonly [key: string]: unknown }, omissions: Omissions): ImportedLoad | null {
  const number = (name: string, usual: number) => {
    const value = Number(scenario[name] ?? usual);
    return Number.isFinite(value) && value >= 0 ? value : usual;
  };
  const seconds = secondsOf(scenario.duration) ?? 40;
  const stagesFrom = (start: number, per: number): readonly ImportedStage[] => {
    let from = start;
    return listIn(scenario.stages)
      .map(mapIn)
      .flatMap(stage => {
        const length = secondsOf(stage.duration) ?? 0;
        const to = Number(stage.target) / per;
        const stretch = { seconds: length, from, to };
        from = Number.isFinite(to) ? to : from;
        return length > 0 && to >= 0 ? [stretch] : [];
      });
  };
  const users = Math.max(1, Math.round(number('vus', 1)));
  const most = secondsOf(scenario.maxDuration) ?? 600;
  const per = secondsOf(scenario.timeUnit) ?? 1;
  switch (scenario.executor) {
    case 'constant-vus':
      return { model: 'closed', stages: [{ seconds, from: users, to: users }] };
    case 'ramping-vus':
      return withLoad('closed', stagesFrom(number('startVUs', 1), 1));
    case 'constant-arrival-rate': {
      const rate = number('rate', 1) / per;
      return withLoad('open', [{ seconds, from: rate, to: rate }]);
    }
    case 'ramping-arrival-rate':
      return withLoad('open', stagesFrom(number('startRate', 0) / per, per));
    case 'shared-iterations':
      return {
        model: 'iterations',
        users,
        iterations: Math.max(users, Math.round(number('iterations', 1))),
        mostSeconds: most,
      };
    case 'per-vu-iterations':
      return {
        model: 'iterations',
        users,
        iterations: users * Math.max(1, Math.round(number('iterations', 1))),
        mostSeconds: most,
      };
    default:
      omissions.add(`${textIn(scenario.name)}: ${textIn(scenario.executor)}`, 'as executors that do not map');
      return null;
  }
}

/** A load in which something happens. */
function withLoad(model: 'open' | 'closed', stages: readonly ImportedStage[]): ImportedLoad | null {
  return stages.some(({ from, to }) => from + to > 0) ? { model, stages } : null;
}

/** The length of `1m30s`, or of a number of milliseconds, in seconds; undefined of anything else. */
function secondsOf(written: unknown): number | undefined {
  if (typeof written === 'number') return written / 1_000;
  const text = textIn(written) ?? '';
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  const units: { readonly [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (units[unit ?? 's'] ?? 1),
    0,
  );
}

const prefixes: { readonly [metric: string]: string } = { http_req_duration: '', http_req_waiting: 'ttfb.' };

function budgetsOf(thresholds: unknown, omissions: Omissions): { readonly [metric: string]: string } {
  const budgets: { [metric: string]: string } = {};
  for (const [metric, given] of Object.entries(mapIn(thresholds))) {
    for (const one of Array.isArray(given) ? given : [given]) {
      const written = textIn(mapIn(one).threshold ?? one) ?? '';
      const found = budgetOf(metric, written.replaceAll(' ', ''));
      if (found === null) omissions.add(`${metric}: ${written}`, 'as thresholds that do not map');
      else budgets[found[0]] = found[1];
    }
  }
  return budgets;
}

function budgetOf(metric: string, threshold: string): readonly [string, string] | null {
  const [, left = '', operator = '', right = ''] =
    /^([\w().]+)(<=?|>=?)(\d+(?:\.\d+)?)$/.exec(threshold) ?? [];
  const limit = Number(right);
  const isMost = operator.startsWith('<');
  const prefix = prefixes[metric];
  if (prefix !== undefined && isMost && limit > 0) {
    const statistic = left === 'med' ? 'p50' : left.replace(/^p\((\d{1,2}(?:\.\d{1,3})?)\)$/, 'p$1');
    return /^(?:avg|min|max|p\d.*)$/.test(statistic) ? [`${prefix}${statistic}`, `${limit}ms`] : null;
  }
  const share = `${Number((limit * 100).toPrecision(6))}%`;
  if (metric === 'http_req_failed' && left === 'rate' && isMost) return ['errorRate', share];
  if (metric === 'checks' && left === 'rate' && operator.startsWith('>')) return ['checks', share];
  if (metric === 'http_reqs' && left === 'rate' && operator.startsWith('>')) return ['rps', `${limit}/s`];
  return null;
}
