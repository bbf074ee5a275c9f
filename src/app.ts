export { type CalibrationWish, calibrationWish } from './config/calibration-flags.ts';
export { type LayoutWish, layoutWish } from './config/duet-flags.ts';
export type { FlagRun } from './config/scenario/plan.ts';
export { readSettings, type Settings } from './config/settings.ts';
export { writeText } from './deliver/files.ts';
export type { Progress } from './engine/recording/progress.ts';
export type { StaffingWish } from './engine/workers/staffing.ts';
export { stopAllNow } from './launch/process/process-group.ts';
export type { Calibration } from './model/duet/calibration.ts';
export type { DuetJudgement, DuetRecord, DuetUnit, JudgedDuet } from './model/duet/duet.ts';
export { describeProblem, PlimsollError, type Problem, problem } from './model/error.ts';
export type {
  BaselineChoice,
  BaselineSelection,
  RunOutline,
  SkippedRun,
  StoredRun,
} from './model/judgement/baseline.ts';
export {
  type ExitCode,
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
  worstExitCode,
} from './model/judgement/exit-code.ts';
export type { HistoryPoint, MetricHistory } from './model/judgement/history.ts';
export type { JudgedRun } from './model/judgement/judged-run.ts';
export type { Comparison, RegressionFinding } from './model/judgement/regression.ts';
export type { RegressionPolicy } from './model/judgement/regression-policy.ts';
export type { Finding, Judgement, Verdict } from './model/judgement/verdict.ts';
export type { Plan } from './model/run/plan.ts';
export type { RunRecord } from './model/run/record.ts';
export { version } from './model/version.ts';
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
} from './pipeline/baselines/baselines.ts';
export { type ComparisonOptions, comparisonFor } from './pipeline/baselines/comparison.ts';
export { type HistoryRequest, metricHistory } from './pipeline/baselines/history.ts';
export { type NamedRun, type NamedRuns, runsNamed } from './pipeline/baselines/named-runs.ts';
export { type Pruned, type PruneWish, pruneBaselines } from './pipeline/baselines/prune.ts';
export {
  type CalibrateOptions,
  type CalibrationEvent,
  runCalibration,
  type SavedCalibration,
} from './pipeline/calibration/calibrate.ts';
export { type DuetOptions, runDuet, type SavedDuet } from './pipeline/duet/duet.ts';
export type { DuetEvent } from './pipeline/duet/duet-play.ts';
export {
  type PreparedDuet,
  prepareDuet,
  type SideNames,
  sideNames,
} from './pipeline/duet/duet-preparation.ts';
export type { StageEvent } from './pipeline/duet/duet-sides.ts';
export type { RunEvent } from './pipeline/run/attempt.ts';
export { type CompareRequest, compareNamed } from './pipeline/run/compare.ts';
export { judgeFile } from './pipeline/run/judge-file.ts';
export { preflight, preflightDuet } from './pipeline/run/preflight.ts';
export {
  type PreparedRun,
  type PrepareOptions,
  prepareRuns,
  type Rehearsal,
  type RunSource,
  rehearse,
} from './pipeline/run/prepare.ts';
export {
  type PublishedReport,
  publish,
  publishTexts,
  type ReportPlaces,
  type ReportTexts,
  summaryText,
  withdraw,
} from './pipeline/run/publish.ts';
export { judgeRecord, type RunOptions, runPrepared, type SavedRun } from './pipeline/run/run.ts';
export { type Saved, type SaveRequest, saveBaselines } from './pipeline/run/save.ts';
export { baselineDetails, baselineTable } from './report/render/baseline-list.ts';
export { calibrationMarkdown } from './report/render/calibration-markdown.ts';
export { calibrationTerminal } from './report/render/calibration-terminal.ts';
export { duetMarkdown } from './report/render/duet-markdown.ts';
export { duetTerminal } from './report/render/duet-terminal.ts';
export { historyCsv, historyText } from './report/render/history-text.ts';
export { markdownReport } from './report/render/markdown.ts';
export { terminalReport } from './report/render/terminal.ts';
export { calibrationSummaryText } from './report/summary/calibration-summary.ts';
export { duetSummaryText } from './report/summary/duet-summary.ts';
export { summaryOf } from './report/summary/summary.ts';
export { baselineSentence } from './report/words/baseline-sentence.ts';
export { calibrationSentence } from './report/words/calibration-wording.ts';
export { duetSentence } from './report/words/duet-sentence.ts';
export { duetStandingText } from './report/words/duet-standing.ts';
export { verdictSentence } from './report/words/sentence.ts';
export { readRecord } from './store/records/record-reader.ts';
