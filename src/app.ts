export { calibrationSize } from './config/calibration-flags.ts';
export { layoutOptions } from './config/duet-flags.ts';

export { readSettings, type Settings } from './config/settings.ts';
export { writeText } from './deliver/files.ts';
export type { Progress } from './engine/recording/progress.ts';
export type { StaffingOptions } from './engine/workers/staffing.ts';
export { stopAllNow } from './launch/process/process-group.ts';

export { describeProblem, PlimsollError, problem } from './model/error.ts';
export type { SkippedRun, StoredRun } from './model/judgement/baseline.ts';
export {
  type ExitCode,
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
  worstExitCode,
} from './model/judgement/exit-code.ts';

export type { JudgedRun } from './model/judgement/judged-run.ts';

export type { Plan } from './model/run/plan.ts';

export { version } from './model/version.ts';
export {
  type Baselines,
  baselineFor,
  findStoredRun,
  latestHeaders,
  newerPartsIn,
  openBaselines,
  pullBaselines,
  pushBaselines,
} from './pipeline/baselines/baselines.ts';
export type { ComparisonOptions } from './pipeline/baselines/comparison.ts';
export { metricHistory } from './pipeline/baselines/history.ts';
export { runsNamed } from './pipeline/baselines/named-runs.ts';
export { pruneBaselines } from './pipeline/baselines/prune.ts';
export {
  type CalibrationEvent,
  runCalibration,
  type SavedCalibration,
} from './pipeline/calibration/calibrate.ts';
export { runDuet, type SavedDuet } from './pipeline/duet/duet.ts';
export type { DuetEvent } from './pipeline/duet/duet-play.ts';
export {
  prepareDuet,
  sideNames,
} from './pipeline/duet/duet-preparation.ts';
export type { SidesEvent } from './pipeline/duet/duet-sides.ts';

export { compareNamed } from './pipeline/run/compare.ts';
export { judgeFile } from './pipeline/run/judge-file.ts';
export { preflight, preflightDuet } from './pipeline/run/preflight.ts';
export {
  type DryRun,
  dryRun,
  type PreparedRun,
  prepareRuns,
  type RunSource,
} from './pipeline/run/prepare.ts';
export {
  publish,
  publishTexts,
  type ReportPlaces,
  summaryText,
  withdraw,
} from './pipeline/run/publish.ts';
export { type RunOptions, runPrepared, type SavedRun } from './pipeline/run/run.ts';
export { saveBaselines } from './pipeline/run/save.ts';
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

export { baselineSentence } from './report/words/baseline-sentence.ts';
export { calibrationSentence } from './report/words/calibration-wording.ts';
export { duetSentence } from './report/words/duet-sentence.ts';
export { duetStandingText } from './report/words/duet-standing.ts';
export { foreseenText } from './report/words/reasons/run-note.ts';
export { verdictSentence } from './report/words/sentence.ts';

export { nearest } from './words/nearest.ts';
