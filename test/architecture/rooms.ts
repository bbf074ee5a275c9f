/** A room: a folder below a layer (`.` is the layer's own folder), and what it turns into what. */
export interface Room {
  readonly name: string;
  readonly turns: string;
  readonly into: string;
}

/** A layer of the source with its rooms: groups in order, each of which may import the groups before it. */
export interface Layer {
  readonly name: string;
  readonly rooms: readonly (readonly Room[])[];
}

const room = (name: string, turns: string, into: string): Room => ({ name, turns, into });

/**
 * The layers from the bottom up, and the rooms of each. A room imports itself and rooms of the groups before its own;
 * rooms of one group never meet.
 */
export const layers: readonly Layer[] = [
  {
    name: 'model',
    rooms: [
      [room('.', 'the basic nouns', 'units, the error table, the version')],
      [room('code', 'code of a user', 'types: modules, functions and what they are given')],
      [room('run', 'a run', 'types: scenario, plan, record, failure kinds')],
      [room('judgement', 'a judgement', 'types: metric, budget, finding, verdict, baseline, exit code')],
      [
        room('duet', 'a duet', 'types: layout, readings, calibration'),
        room('capacity', 'a search of the capacity', 'types: terms, probes, how it ended'),
      ],
    ],
  },
  { name: 'words', rooms: [[room('.', 'quantities, changes, counts', 'text')]] },
  {
    name: 'safety',
    rooms: [
      [room('.', 'secrets, hosts, untrusted text', 'what may be shown and loaded')],
      [room('proxy', 'variables and a target', 'the proxy through which it is asked')],
    ],
  },
  { name: 'code', rooms: [[room('.', "a user's module", 'its scenario, its files and its functions')]] },
  {
    name: 'stats',
    rooms: [
      [room('.', 'samples', 'histograms, ranks, seeded random numbers')],
      [
        room('intervals', 'samples and counts', 'confidence intervals, design effects, predictions'),
        room('flips', 'paired effects', 'sign-flip tests with interim looks'),
        room('changes', 'a series', 'change points'),
      ],
    ],
  },
  {
    name: 'analysis',
    rooms: [
      [room('metrics', 'the name of a metric', 'its row: unit, direction, how it is observed and compared')],
      [room('.', 'a measurement', 'figures and slices of every scope, computed once')],
    ],
  },
  {
    name: 'config',
    rooms: [
      [
        room('source', 'files', 'documents with places, data rows'),
        room('grammar', 'strings', 'quantities, request lines, templates, paths'),
      ],
      [room('schema', 'documents', 'checked values (zod), JSON Schemas')],
      [room('schema/budgets', 'a budgets file', 'checked limits (zod)')],
      [room('results/reading', 'lines and values of results', 'samples, summaries, names of endpoints')],
      [room('results/format', 'the results of one tool', 'samples or summaries')],
      [room('results', "another tool's file", 'what a Measurement holds')],
      [room('import/form', 'requests of any source', 'their normal form')],
      [
        room('import/openapi', 'a description of an API', 'requests in the normal form, operations'),
        room('import/k6', 'a script of k6', 'requests in the normal form'),
        room('import/format', 'a recording or script', 'requests in the normal form'),
        room('import/written', 'requests in the normal form', 'a scenario, budgets and a workflow as text'),
      ],
      [room('import', 'a source', 'requests in the normal form, by its format')],
      [room('description', 'a description of an API', 'coverage and drift of runs')],
      [room('scenario/request', 'bodies as they are written', 'bodies that can be sent')],
      [room('scenario/flow', 'steps of steps', 'steps one after another')],
      [room('scenario', 'a scenario file or flags', 'a Plan')],
      [room('.', 'budgets files and settings', 'budgets for one scenario, options')],
    ],
  },
  {
    name: 'engine',
    rooms: [
      [room('answer', 'answers', 'texts, JSON, captured values')],
      [room('stream', 'the bytes of a streamed answer', 'events and their times')],
      [room('draws', 'a seed and a journey', 'rows, pauses, generated values')],
      [room('form', 'the parts of a request', 'its bytes, with holes that users fill')],
      [room('request', 'steps and answers', 'prepared requests, users, outcomes')],
      [
        room('transport/http1', 'bytes', 'answers of HTTP/1.1'),
        room('schedule', 'a load', 'moments at which journeys are due'),
      ],
      [room('transport', 'a user with a request', 'bytes on a pooled connection')],
      [room('transport/http2', 'users with requests', 'streams of shared connections')],
      [room('loop', 'what is due', 'samples')],
      [
        room('autocannon', 'a fixed request list', 'samples, through autocannon'),
        room('recording', 'samples', 'histograms, blocks, seconds'),
      ],
      [room('workers', 'a plan', 'worker threads that run loops')],
      [room('slots', 'turns of two sides', 'readings of a restart')],
      [room('.', 'a Plan', 'a Measurement')],
    ],
  },
  {
    name: 'launch',
    rooms: [
      [room('process', 'a command', 'a served API, ready and stoppable')],
      [
        room('workspace', 'a run or a duet', 'a temporary folder that is always removed'),
        room('proxy', 'a side', 'the same side with known delays'),
      ],
    ],
  },
  {
    name: 'judge',
    rooms: [
      [
        room('budgets', 'figures and limits', 'findings'),
        room('baseline', 'stored runs', 'the baseline to compare with'),
        room('history', 'stored runs', 'a series with change points'),
      ],
      [room('validity', "the generator's health", 'whether a run is a measurement')],
      [room('regression', 'two or more runs', 'findings')],
      [room('duet', 'restarts', 'a ruling at each interim look')],
      [room('calibration', 'recorded restarts', 'false-alarm rate and power')],
      [room('capacity', 'loads that were tried', 'the next one, or the capacity')],
      [room('.', 'a record, budgets, a comparison', 'a Judgement')],
    ],
  },
  {
    name: 'store',
    rooms: [
      [room('files', 'text', 'files, written whole or not at all')],
      [
        room('records', 'records', 'files of checked JSON, and back'),
        room('git', 'questions about a repository', 'answers; the only room that runs git'),
      ],
      [room('baselines', 'records', 'a folder or a branch of baselines')],
    ],
  },
  {
    name: 'report',
    rooms: [
      [room('words/reasons', 'reasons and notes', 'sentences')],
      [room('words', 'findings', 'sentences')],
      [room('words/verdict', 'judged runs', 'the sentence of their verdict')],
      [room('summary', 'judged runs', 'figures for programs, with their JSON Schema')],
      [room('document', 'sentences, tables, charts', 'the type of a report as data')],
      [room('export', 'a document', 'what other tools read: test cases, gauges, histogram logs')],
      [room('document/drawing', 'what was measured', 'drawings as data, with the figures behind them')],
      [
        room('document/subject', 'a run, a duet, a history, …', 'its document'),
        room('render/html', 'a document', 'a page that needs nothing else, with its drawings'),
      ],
      [room('render', 'a document', 'text: one file a format, one table')],
    ],
  },
  { name: 'deliver', rooms: [[room('.', 'text', 'files')]] },
  {
    name: 'pipeline',
    rooms: [
      [room('baselines', 'names of runs', 'comparisons, histories')],
      [room('gate', 'a pull request', 'the budgets, settings and scenarios of its base')],
      [room('credentials', 'a plan', 'the same plan with its secrets and tokens')],
      [room('description', 'a plan and a description of its API', 'coverage and drift')],
      [room('delivery', 'reports', 'messages and metrics at who is to be told')],
      [room('run', 'scenarios', 'saved, judged, published runs')],
      [
        room('duet', 'two builds or URLs', 'a judged duet'),
        room('capacity', 'a scenario', 'the highest load at which its budgets hold'),
      ],
      [room('calibration', 'one build', 'a calibration')],
      [room('init', 'a source of requests', 'files that are written whole or not at all')],
      [room('program', 'values in a program', 'runs, duets, judgements, comparisons')],
    ],
  },
  {
    name: 'cli',
    rooms: [
      [room('streams', 'a process', 'a session: its streams and signals')],
      [room('flags', 'argv', 'options')],
      [room('terminal', 'events and documents', 'lines on a stream')],
      [room('command', 'options', 'an exit code: one file a command')],
      [room('.', 'a process', 'a command and its exit code')],
    ],
  },
];

/** The most files that a room holds, its inner rooms apart. */
export const mostFiles = 16;

const roomNames = new Map(
  layers.map(({ name, rooms }) => [name, rooms.map(group => group.map(({ name: room }) => room))]),
);

/** The room of a file: the longest listed folder that holds it; null where none does. */
export function roomOf(path: string): { readonly layer: string; readonly room: string } | null {
  const [, layer = '', ...rest] = path.split('/');
  const names = roomNames.get(layer)?.flat() ?? [];
  const folder = rest.slice(0, -1).join('/') || '.';
  return names.includes(folder) ? { layer, room: folder } : null;
}

/** Why a room may not import another of its layer; null where it may. */
export function roomViolation(layer: string, from: string, to: string): string | null {
  if (from === to) return null;
  const groups = roomNames.get(layer) ?? [];
  const [own, other] = [from, to].map(name => groups.findIndex(group => group.includes(name)));
  return (other ?? 0) < (own ?? 0) ? null : `${layer}/${from} must not import ${layer}/${to}`;
}
