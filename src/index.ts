export { type CalibrationWish, calibrationWish } from './config/calibration-flags.ts';
export { type LayoutWish, layoutWish } from './config/duet-flags.ts';
export type { FlagRun } from './config/plan.ts';
export { readSettings, type Settings } from './config/settings.ts';
export { writeText } from './deliver/files.ts';
export type { Progress } from './engine/progress.ts';
export type { StaffingWish } from './engine/staffing.ts';
export { stopAllNow } from './launch/process-group.ts';
export type {
  BaselineChoice,
  BaselineSelection,
  RunOutline,
  SkippedRun,
  StoredRun,
} from './model/baseline.ts';
export type { Calibration } from './model/calibration.ts';
export type { DuetJudgement, DuetRecord, DuetUnit, JudgedDuet } from './model/duet.ts';
export { describeProblem, PlimsollError, type Problem, problem } from './model/error.ts';
export {
  type ExitCode,
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
  worstExitCode,
} from './model/exit-code.ts';
export type { HistoryPoint, MetricHistory } from './model/history.ts';
export type { JudgedRun } from './model/judged-run.ts';
export type { Plan } from './model/plan.ts';
export type { RunRecord } from './model/record.ts';
export type { Comparison, RegressionFinding } from './model/regression.ts';
export type { RegressionPolicy } from './model/regression-policy.ts';
export type { Finding, Judgement, Verdict } from './model/verdict.ts';
export { version } from './model/version.ts';
export type { RunEvent } from './pipeline/attempt.ts';
export {
  type BaselinePlace,
  type Baselines,
  type BaselineWish,
  baselineFor,
  findStoredRun,
  latestHeaders,
  openBaselines,
  pullBaselines,
  pushBaselines,
} from './pipeline/baselines.ts';
export {
  type CalibrateOptions,
  type CalibrationEvent,
  runCalibration,
  type SavedCalibration,
} from './pipeline/calibrate.ts';
export { type CompareRequest, compareNamed } from './pipeline/compare.ts';
export { type ComparisonOptions, comparisonFor } from './pipeline/comparison.ts';
export { type DuetOptions, runDuet, type SavedDuet } from './pipeline/duet.ts';
export type { DuetEvent } from './pipeline/duet-play.ts';
export { type PreparedDuet, prepareDuet, type SideNames, sideNames } from './pipeline/duet-preparation.ts';
export type { StageEvent } from './pipeline/duet-stage.ts';
export { type HistoryRequest, metricHistory } from './pipeline/history.ts';
export { judgeFile } from './pipeline/judge-file.ts';
export { type NamedRun, type NamedRuns, runsNamed } from './pipeline/named-runs.ts';
export { preflight, preflightDuet } from './pipeline/preflight.ts';
export {
  type PreparedRun,
  type PrepareOptions,
  prepareRuns,
  type Rehearsal,
  type RunSource,
  rehearse,
} from './pipeline/prepare.ts';
export { type Pruned, type PruneWish, pruneBaselines } from './pipeline/prune.ts';
export {
  type PublishedReport,
  publish,
  publishTexts,
  type ReportPlaces,
  type ReportTexts,
  summaryText,
  withdraw,
} from './pipeline/publish.ts';
export { judgeRecord, type RunOptions, runPrepared, type SavedRun } from './pipeline/run.ts';
export { type Saved, type SaveRequest, saveBaselines } from './pipeline/save.ts';
export { baselineDetails, baselineTable } from './report/baseline-list.ts';
export { baselineSentence } from './report/baseline-sentence.ts';
export { calibrationMarkdown } from './report/calibration-markdown.ts';
export { calibrationSummaryText } from './report/calibration-summary.ts';
export { calibrationTerminal } from './report/calibration-terminal.ts';
export { calibrationSentence } from './report/calibration-wording.ts';
export { duetMarkdown } from './report/duet-markdown.ts';
export { duetSentence } from './report/duet-sentence.ts';
export { duetStandingText } from './report/duet-standing.ts';
export { duetSummaryText } from './report/duet-summary.ts';
export { duetTerminal } from './report/duet-terminal.ts';
export { historyCsv, historyText } from './report/history-text.ts';
export { markdownReport } from './report/markdown.ts';
export { verdictSentence } from './report/sentence.ts';
export { summaryOf } from './report/summary.ts';
export { terminalReport } from './report/terminal.ts';
export { readRecord } from './store/record-reader.ts';
