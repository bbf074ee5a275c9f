import { Document, isMap, type Node, type YAMLMap } from 'yaml';
import { printable } from '../../../safety/untrusted-text.ts';
import type {
  Imported,
  ImportedJourney,
  ImportedLoad,
  ImportedStage,
  ImportedStep,
} from '../form/imported.ts';
import { Omissions } from '../form/omissions.ts';
import { SecretVariables } from '../form/secret-variables.ts';
import { type Writing, type WrittenRequestStep, writtenStep } from './written-step.ts';

/** What a user says of the scenario besides its source. */
export interface ScenarioChoices {
  /** The origin that is loaded unless TARGET says otherwise. */
  readonly target: string;
  /** Why that is not the origin of the source; null where it is. */
  readonly targetNote: string | null;
  readonly serve: { readonly start: string; readonly ready: string } | null;
  readonly rate: string | null;
  readonly duration: string | null;
}

/** A scenario as a file, and what to know of it. */
export interface ScenarioText {
  readonly text: string;
  /** The variables that must be set before a run. */
  readonly variables: readonly { readonly name: string; readonly place: string }[];
  readonly omissions: readonly string[];
  readonly requests: number;
}

interface WrittenJourney {
  readonly name: string;
  readonly weight: number;
  readonly steps: readonly (WrittenRequestStep | { readonly think: string })[];
}

/** Writes a scenario, with a comment that says where it comes from and what is missing; null if no request is left. */
export function scenarioYaml(imported: Imported, choices: ScenarioChoices): ScenarioText | null {
  const secrets = new SecretVariables();
  const { isRecorded } = imported;
  // Once to learn all secrets, so that each is found wherever else it stands.
  journeysOf(imported.journeys, { secrets, isRecorded, omissions: new Omissions() });
  const journeys = journeysOf(imported.journeys, { secrets, isRecorded, omissions: imported.omissions });
  const requests = journeys.flatMap(({ steps }) => steps.filter(isRequest)).length;
  if (requests === 0) return null;
  const variables = secrets.list();
  const omissions = imported.omissions.lines();
  const document = documentOf(imported, choices, journeys);
  document.commentBefore = headerComment(imported, choices, { variables, omissions });
  return { text: document.toString({ lineWidth: 0 }), variables, omissions, requests };
}

const isRequest = (step: WrittenJourney['steps'][number]) => typeof step === 'string' || 'request' in step;

function journeysOf(journeys: readonly ImportedJourney[], writing: Writing): readonly WrittenJourney[] {
  return journeys.flatMap(({ name, weight, steps }) => {
    const written = steps.flatMap((step): WrittenJourney['steps'] => {
      if (step.kind === 'pause') return [{ think: thinkOf(step) }];
      const request = writtenStep(step, writing);
      return request === undefined ? [] : [request];
    });
    return written.some(isRequest) ? [{ name, weight, steps: written }] : [];
  });
}

function documentOf(
  { stages, load, data = [] }: Imported,
  choices: ScenarioChoices,
  journeys: readonly WrittenJourney[],
): Document {
  const [only, ...others] = journeys;
  const { target, serve } = choices;
  const document = new Document({
    target: `\${TARGET:-${target}}`,
    ...(serve === null ? {} : { serve }),
    load: load === undefined ? loadOf(stages, choices) : ownLoad(load, choices),
    ...(data.length === 0
      ? {}
      : { data: Object.fromEntries(data.map(({ name, file }) => [name, { file, pick: 'random' }])) }),
    ...(only !== undefined && others.length === 0
      ? { steps: only.steps }
      : { journeys: named(journeys).map(journeyValue) }),
  });
  readable(document);
  return document;
}

const journeyValue = ({ name, weight, steps }: WrittenJourney) => ({
  name,
  ...(weight === 1 ? {} : { weight }),
  steps,
});

/** Names are of one line, not endless, and each is used once. */
function named(journeys: readonly WrittenJourney[]): readonly WrittenJourney[] {
  const taken = new Set<string>();
  return journeys.map((journey, index) => {
    const line = printable(journey.name.replaceAll('${', '$'), 80).trim();
    const base = line === '' ? `journey ${index + 1}` : line;
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base} (${count})`;
    taken.add(name);
    return { ...journey, name };
  });
}

function loadOf(stages: readonly ImportedStage[] | null, { rate, duration }: ScenarioChoices): unknown {
  const usual = [{ duration: duration ?? '40s', rate: rate ?? '10/s' }];
  const own = stages?.map(({ seconds, from, to }) => ({
    duration: duration ?? `${rounded(seconds)}s`,
    rate: rate ?? (from === to ? `${rounded(from)}/s` : `${rounded(from)}/s..${rounded(to)}/s`),
  }));
  return { model: 'open', warmup: '2s', stages: own ?? usual };
}

/** The load of a source that has users; a rate that is asked for makes an open load of it. */
function ownLoad(load: ImportedLoad, choices: ScenarioChoices): unknown {
  const { rate, duration } = choices;
  if (load.model === 'open') return loadOf(load.stages, choices);
  if (rate !== null) return loadOf(null, choices);
  if (load.model === 'iterations') {
    const { users, iterations, mostSeconds } = load;
    return { model: 'closed', users, iterations, maxDuration: duration ?? `${rounded(mostSeconds)}s` };
  }
  const users = ({ from, to }: ImportedStage) =>
    from === to ? Math.round(from) : `${Math.round(from)}..${Math.round(to)}`;
  const stages = load.stages.map(stage => ({
    duration: duration ?? `${rounded(stage.seconds)}s`,
    users: users(stage),
  }));
  return { model: 'closed', warmup: '2s', stages };
}

function thinkOf({ milliseconds, mostMilliseconds }: Extract<ImportedStep, { kind: 'pause' }>): string {
  const least = `${Math.round(milliseconds)}ms`;
  return mostMilliseconds === undefined ? least : `${least}..${Math.round(mostMilliseconds)}ms`;
}

const rounded = (value: number) => Number(value.toPrecision(3));

/** Stages, and maps in which nothing but short values stand, are each written on one line. */
function readable(document: Document): void {
  const stages = document.getIn(['load', 'stages'], true);
  const items = (node: unknown): readonly Node[] =>
    typeof node === 'object' && node !== null && 'items' in node ? (node.items as readonly Node[]) : [];
  for (const stage of items(stages)) if (isMap(stage)) stage.flow = true;
  const serve = document.get('serve', true);
  if (isMap(serve) && String(serve).length < 90) (serve as YAMLMap).flow = true;
}

function headerComment(
  { source }: Imported,
  { targetNote }: ScenarioChoices,
  { variables, omissions }: Pick<ScenarioText, 'variables' | 'omissions'>,
): string {
  const lines = [
    'yaml-language-server: $schema=../node_modules/plimsoll/schema/scenario.json',
    `Made by plimsoll init from ${printable(source)}.`,
    ...(targetNote === null ? [] : [printable(targetNote)]),
    ...(variables.length === 0 ? [] : ['', 'Set these variables of the environment before a run:']),
    ...variables.map(({ name, place }) => `  ${name}  (${printable(place, 80)})`),
    ...(omissions.length === 0 ? [] : ['', 'Left out:']),
    ...omissions.map(line => `  ${line}`),
  ];
  return lines.map(line => (line === '' ? '' : ` ${line}`)).join('\n');
}
