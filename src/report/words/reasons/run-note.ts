import { scopeName } from '../../../model/judgement/budget.ts';
import type { Foreseen, RunNote, Subject, Undone } from '../../../model/judgement/run-note.ts';
import { newerText } from '../../../words/newer-text.ts';
import { counted, duration, number, percent, size, span } from '../../../words/quantity-text.ts';
import { stoppedText } from './ends-text.ts';
import { latenessCauseText } from './lateness-cause.ts';
import { lengthFor } from './thin-evidence.ts';

/** What a reader should know of a run, as a whole sentence. */
export function runNote(note: RunNote): string {
  switch (note.kind) {
    case 'unusedBudgets': {
      const names = note.scenarios.map(name => JSON.stringify(name)).join(', ');
      return `${note.file} has budgets for scenarios that are neither in this run nor beside it: ${names}.`;
    }
    case 'newer':
      return `The record was ${newerText(note.newer)}.`;
    case 'interrupted':
      return `The run was interrupted (${note.signal}): this is what ${span(note.measuredMs)} of measurement say.`;
    case 'stopped':
      return `The run was ${stoppedText(note.stop)}.`;
    case 'closedModel':
      return 'In a closed model each user waits for its answer, so queueing is invisible: a slow target is asked less.';
    case 'queued':
      return `${counted(note.requests, 'request')} waited for one of ${counted(note.connections, 'connection')}; response time includes it.`;
    case 'tooLarge':
      return `${counted(note.requests, 'request')} failed because the bodies that all users keep for captures and checks had no more room: ask for smaller answers, capture from fewer of them, or raise maxBodies in the scenario.`;
    case 'logCut':
      return `The API's log keeps only the newest lines; ${size(note.bytes)} before them were dropped.`;
    case 'bursts': {
      const { metric, scope, evidence } = note;
      const samples = `${number(evidence.samples)} samples of ${metric.name} (${scopeName(scope)})`;
      return `What was slow or failed came in bursts: the ${samples} carry the evidence of about ${number(Math.round(evidence.effectiveSamples))} independent ones.`;
    }
    case 'sharedMachine':
      return 'Target and generator share a machine and compete for its cores.';
    case 'someLate': {
      const cause = latenessCauseText(note.cause);
      const why = cause === null ? '' : `, since ${cause}`;
      return `The generator itself sent ${number(note.late)} of ${counted(note.requests, 'request')} more than ${duration(note.byMs)} late${why}; what that adds to times is not held against the target.`;
    }
    case 'smallPoolYetBroken':
      return `The pool of ${counted(note.connections, 'connection')} was too small, yet service time alone breaks ${named(note)}.`;
    case 'busyWorker': {
      const what = note.model === 'open' ? 'more would make it late' : 'the rate may be its own limit';
      const remedy = note.engine === 'autocannon' ? 'use engine: http' : 'give it more workers';
      return `The generator's busiest worker worked ${percent(note.busy)} of the time: ${what}, so ${remedy}.`;
    }
    case 'redirects': {
      const { endpoint, redirects, answers, statuses } = note;
      const all =
        redirects === answers ? `All ${number(answers)}` : `${number(redirects)} of ${number(answers)}`;
      const status = statuses.length === 1 ? String(statuses[0]) : `[${statuses.join(', ')}]`;
      return `${all} answers of ${endpoint} were redirects (${statuses.join(', ')}). They are not followed, so what they lead to was not measured. If they are what you test, say \`expect: { status: ${status} }\`.`;
    }
    case 'errorBodies': {
      const { endpoint, seen, withErrors, message } = note;
      const first = message === '' ? '' : ` (the first: ${JSON.stringify(message)})`;
      return `${number(withErrors)} of ${number(seen)} answers of ${endpoint} that were looked at hold GraphQL errors and count as ok${first}. \`expect: { graphql: ok }\` fails them.`;
    }
    case 'blockingCode': {
      const { endpoint, function: code, times, longestMs } = note;
      return `${code} of ${endpoint} held the load generator up ${counted(times, 'time')}, for ${duration(longestMs)} at most. Meanwhile nothing is sent, and answers are read late: make it do less.`;
    }
    case 'otherTool':
      return `${note.tool} measured this (${note.format}), not Plimsoll. Whether its load generator kept up is not known, and times count from when it sent a request, not from when one was due: a slow target can look faster than it is.`;
    case 'summaryOnly': {
      const failed = note.errors > 0 ? ' Failed requests may be among its times or missing from them.' : '';
      return `${note.tool} kept a summary and no single requests: its figures have no interval, so no finding is firm.${failed}`;
    }
    case 'noEndpoints':
      return `These results (${note.format}) do not tell endpoints apart: limits of endpoints, endpointDefaults included, are not judged.`;
    case 'answeredOnly':
      return `These results (${note.format}) leave out requests that got no answer, such as refused connections and timeouts: the real error rate may be higher.`;
    case 'autocannon':
      return 'autocannon sent the requests: times include its own work, and how late it sent is not known.';
    case 'proxied':
      return `Requests went through the proxy ${note.url} (${note.from}): times and failures are also the proxy's.`;
    case 'unverifiedCertificates':
      return 'TLS certificates were not verified.';
  }
}

/** Whether a note stands above the figures: with it, they are not what a reader takes them for. */
export function isLeading({ kind }: RunNote): boolean {
  return kind === 'redirects' || kind === 'errorBodies' || kind === 'otherTool' || kind === 'blockingCode';
}

/** How many endpoints without a request are named. */
const mostNames = 3;

/** What a run was asked to do and did not, and why: a part of a sentence. */
export function undoneText(undone: Undone): string {
  switch (undone.kind) {
    case 'journeys':
      return `${number(undone.made)} of ${counted(undone.asked, 'journey')} were made because maxDuration ended first, after ${span(undone.maxDurationMs)}`;
    case 'data':
      return `the data set ${JSON.stringify(undone.set)} ran out of rows: journeys ended after ${counted(undone.rows, 'row')}, each used once`;
    case 'users':
      return `${number(undone.asked - undone.started)} of ${counted(undone.asked, 'user')} never started a journey before the load ended`;
    case 'endpoints': {
      const { endpoints, cut, abandoned } = undone;
      const more = endpoints.length - mostNames;
      const names = `${endpoints.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
      const because = [
        ...(cut > 0 ? [`the end of the load cut ${counted(cut, 'journey')} short`] : []),
        ...(abandoned > 0
          ? [`${counted(abandoned, 'journey')} ended early for want of a captured value`]
          : []),
      ].join(', and ');
      return `${names} had no request${because && `: ${because}`}`;
    }
  }
}

/** What is known of a run's verdict before it begins, and what to do about it. */
export function foreseenText(foreseen: Foreseen): string {
  if (foreseen.kind === 'unusedBudgets') return runNote(foreseen);
  if (foreseen.kind === 'rareJourney') {
    const { journey, weight, weights, planned } = foreseen;
    const of =
      planned === null ? '' : `, and the plan makes about ${counted(Math.round(planned), 'journey')}`;
    return `the journey ${JSON.stringify(journey)} is practically never chosen: its weight is ${number(weight)} of ${number(weights)}${of}`;
  }
  if (foreseen.kind === 'idleStage') {
    return `no journey starts in stage ${foreseen.stage}, which has a budget: only later steps of earlier journeys can fall into it`;
  }
  const { scope, needed, requests, seconds } = foreseen;
  const lengthen = scope.kind === 'stage' ? scopeName(scope) : 'the stages';
  return (
    `${named(foreseen)} needs about ${counted(Math.ceil(needed), 'sample')}, ` +
    `the plan makes about ${number(requests)}: lengthen ${lengthen} to ${lengthFor(needed, requests, seconds)}`
  );
}

function named({ metric, scope }: Subject): string {
  return `${metric.name} of ${scopeName(scope)}`;
}
