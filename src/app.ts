export { calibrationSize } from './config/calibration-flags.ts';
export { layoutOptions, rebuildOption } from './config/duet-flags.ts';
export type { ImportSource } from './config/import/form/import-source.ts';
export { loadGuard } from './config/load-guard.ts';

export { filesOfScenario } from './config/scenario/named-files.ts';
export { readHost, readSettings, type Settings, settingsFile } from './config/settings.ts';
export { writeText } from './deliver/files.ts';
export type { Progress } from './engine/recording/progress.ts';
export type { StaffingOptions } from './engine/workers/staffing.ts';
export { endChildrenNow, stopAllNow } from './launch/process/process-group.ts';

export { describeProblem, PlimsollError, problem } from './model/error.ts';
export type { SkippedRun } from './model/judgement/baseline.ts';
export {
  type ExitCode,
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
  worstExitCode,
} from './model/judgement/exit-code.ts';
export { exitCodeOfRuns } from './model/judgement/judged-run.ts';

export type { OnceRun } from './model/run/exchange.ts';
export { type ResultTool, resultTools } from './model/run/results.ts';
export { version } from './model/version.ts';
export {
  type Baselines,
  baselineFor,
  findStoredRun,
  latestHeaders,
  newerPartsIn,
  openBaselines,
} from './pipeline/baselines/baselines.ts';
export type { ComparisonOptions } from './pipeline/baselines/comparison.ts';
export { metricHistory } from './pipeline/baselines/history.ts';
export { runsNamed } from './pipeline/baselines/named-runs.ts';
export { pruneBaselines } from './pipeline/baselines/prune.ts';
export { pullBaselines, pushBaselines } from './pipeline/baselines/sharing.ts';
export {
  type CalibrationEvent,
  runCalibration,
  type SavedCalibration,
} from './pipeline/calibration/calibrate.ts';
export {
  type CapacityEvent,
  exitCodeOfCapacity,
  searchCapacity,
} from './pipeline/capacity/capacity.ts';
export { type Delivered, deliverAll, earlierVerdicts } from './pipeline/delivery/deliver.ts';
export { type Deliveries, openDeliveries } from './pipeline/delivery/deliveries.ts';
export { type CoverageByAll, coverageByAll } from './pipeline/description/coverage.ts';
export { continuable, earlierNames, readEarlier } from './pipeline/duet/continued-duet.ts';
export { runDuets, type SavedDuet } from './pipeline/duet/duet.ts';
export type { DuetEvent } from './pipeline/duet/duet-play.ts';
export {
  prepareDuet,
  sideNames,
} from './pipeline/duet/duet-preparation.ts';
export type { SidesEvent } from './pipeline/duet/duet-sides.ts';
export { type Gate, openGate } from './pipeline/gate/gate.ts';
export { assertNoneGone } from './pipeline/gate/scenarios.ts';
export { type Initiated, initProject } from './pipeline/init/init.ts';
export type { InitWords } from './pipeline/init/init-choices.ts';
export { acceptRun } from './pipeline/run/accept.ts';
export { compareNamed } from './pipeline/run/compare.ts';
export { judgeFile } from './pipeline/run/judge-file.ts';
export { judgeResults } from './pipeline/run/judge-results.ts';
export { clearedLeftBehind, leavesProcess } from './pipeline/run/left-behind.ts';
export { runOnce } from './pipeline/run/once.ts';
export { preflight, preflightDuet } from './pipeline/run/preflight.ts';
export {
  dryRun,
  type PreparedRun,
  prepareRuns,
  type RunSource,
} from './pipeline/run/prepare.ts';
export { type PublishedReport, publish, type ReportPlaces, withdraw } from './pipeline/run/publish.ts';
export type { SavedRun } from './pipeline/run/run.ts';
export { saveBaselines } from './pipeline/run/save.ts';
export { mostRepeats, runSeries, type SeriesOptions } from './pipeline/run/series.ts';
export type { Document, ReportSubject } from './report/document/document.ts';
export {
  baselineDocument,
  baselinesDocument,
  type Choice,
  choicesDocument,
} from './report/document/subject/baseline-documents.ts';
export { calibrationDocument } from './report/document/subject/calibration-document.ts';
export { capacityDocument } from './report/document/subject/capacity-document.ts';
export { dryRunDocument } from './report/document/subject/dry-run-document.ts';
export { duetsDocument } from './report/document/subject/duet-document.ts';
export { historyDocument } from './report/document/subject/history-document.ts';
export { onceDocument } from './report/document/subject/once-document.ts';
export { runDocument } from './report/document/subject/run-document.ts';
export { isJudged } from './report/export/judged-cases.ts';
export {
  type FormatOf,
  formatsOf,
  formatsOfFiles,
  type ReportFile,
  renderers,
  reportFileOf,
} from './report/render/renderers.ts';
export { outcomeOfOnce } from './report/summary/once-summary.ts';
export { acceptanceText } from './report/words/acceptance-text.ts';
export { levelText, probeText } from './report/words/capacity-wording.ts';
export { duetStandingText } from './report/words/duet-standing.ts';
export { foreseenText } from './report/words/reasons/run-note.ts';
export { repeatingText } from './report/words/verdict/attempt-text.ts';
export { watchSections } from './safety/critical-section.ts';
export { inertText } from './safety/inert-text.ts';
export { ciOf } from './store/git/fingerprint.ts';
export { nearest } from './words/nearest.ts';
export { counted } from './words/quantity-text.ts';
