export { type Analysis, analyse } from './analysis/analysis.ts';
export type { Figures } from './analysis/figures.ts';
export type { ScopeData } from './analysis/scope-data.ts';
export type { Times } from './analysis/times.ts';

export type {
  DurationText,
  PercentText,
  RangeText,
  RateText,
  RequestText,
  SizeText,
} from './config/grammar/quantity-text.ts';
export type {
  Budgets,
  LimitValue,
  MetricLimits,
  RegressionRules,
  ScenarioLimits,
} from './config/schema/budgets/budgets-value.ts';
export type {
  ScenarioGroup,
  ScenarioIf,
  ScenarioOneOf,
  ScenarioParallel,
  ScenarioRepeat,
  ScenarioStep,
} from './config/schema/flow-value.ts';
export type {
  Scenario,
  ScenarioJourney,
  ScenarioLoad,
  ScenarioServe,
  ScenarioTls,
} from './config/schema/scenario-value.ts';
export type {
  ScenarioCapture,
  ScenarioRequest,
  ScenarioTextTest,
  ScenarioThink,
  ScenarioValueTest,
} from './config/schema/step-value.ts';

export type { Progress } from './engine/recording/progress.ts';
export type {
  CheckAnswer,
  CheckResult,
  Prepare,
  RequestDraft,
  ScenarioResponse,
  ScenarioUser,
} from './model/code/user-code.ts';
export type { DuetRecord, Restart } from './model/duet/duet.ts';
export type { DuetFinding, DuetJudgement, JudgedDuet } from './model/duet/duet-judgement.ts';
export type { DuetReason } from './model/duet/duet-reason.ts';
export { PlimsollError, type Problem } from './model/error.ts';
export type { ErrorCode } from './model/error-table.ts';
export type { Scope } from './model/judgement/budget.ts';
export { type ExitCode, worstExitCode } from './model/judgement/exit-code.ts';
export type { FindingReason } from './model/judgement/finding-reason.ts';
export type { InvalidReason } from './model/judgement/invalid-reason.ts';
export type { JudgedRun } from './model/judgement/judged-run.ts';
export type { Metric } from './model/judgement/metric.ts';
export type { Comparison, RegressionFinding } from './model/judgement/regression.ts';
export type { RegressionReason } from './model/judgement/regression-reason.ts';
export type { Finding, Interval, Judgement, Observed, Validity, Verdict } from './model/judgement/verdict.ts';
export type { NewerParts } from './model/newer-parts.ts';
export type {
  EncodedHistogram,
  Fingerprint,
  Measurement,
  RecordHeader,
  RunRecord,
} from './model/run/record.ts';
export { type Micros, micros } from './model/units.ts';
export { version } from './model/version.ts';
export type { SavedDuet } from './pipeline/duet/duet.ts';
export type { DuetEvent } from './pipeline/duet/duet-play.ts';
export type { SidesEvent } from './pipeline/duet/duet-sides.ts';
export { type BudgetsDocument, type BudgetsSource, readBudgets } from './pipeline/program/budgets.ts';
export { type DuetCall, duet } from './pipeline/program/duet.ts';
export { type CompareCall, compare, judge } from './pipeline/program/judge.ts';
export type { LoadOptions } from './pipeline/program/options.ts';
export { type Reported, type ReportFormat, render } from './pipeline/program/render.ts';
export { type RunCall, run } from './pipeline/program/run.ts';
export { defineScenario, type UrlRun } from './pipeline/program/scenario.ts';
export type { RunEvent } from './pipeline/run/attempt.ts';
export type { SavedRun } from './pipeline/run/run.ts';

export { Histogram } from './stats/histogram.ts';
export { parseRecord, readRecord } from './store/records/record-reader.ts';
