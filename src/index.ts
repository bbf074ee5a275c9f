export type { FlagRun } from './config/plan.ts';
export { readSettings, type Settings } from './config/settings.ts';
export { writeText } from './deliver/files.ts';
export type { Progress } from './engine/progress.ts';
export type { StaffingWish } from './engine/staffing.ts';
export { stopAllNow } from './launch/process-group.ts';
export { describeProblem, PlimsollError, type Problem, problem } from './model/error.ts';
export {
  type ExitCode,
  interruptExitCode,
  interruptSignalOf,
  interruptSignals,
  worstExitCode,
} from './model/exit-code.ts';
export type { JudgedRun } from './model/judged-run.ts';
export type { Plan } from './model/plan.ts';
export type { RunRecord } from './model/record.ts';
export type { Finding, Judgement, Verdict } from './model/verdict.ts';
export { version } from './model/version.ts';
export type { RunEvent } from './pipeline/attempt.ts';
export { judgeFile } from './pipeline/judge-file.ts';
export { preflight } from './pipeline/preflight.ts';
export {
  type PreparedRun,
  type PrepareOptions,
  prepareRuns,
  type Rehearsal,
  type RunSource,
  rehearse,
} from './pipeline/prepare.ts';
export {
  type PublishedReport,
  publish,
  type ReportPlaces,
  summaryText,
  withdraw,
} from './pipeline/publish.ts';
export { judgeRecord, type RunOptions, runPrepared, type SavedRun } from './pipeline/run.ts';
export { markdownReport } from './report/markdown.ts';
export { verdictSentence } from './report/sentence.ts';
export { summaryOf } from './report/summary.ts';
export { terminalReport } from './report/terminal.ts';
export { readRecord } from './store/record-reader.ts';
