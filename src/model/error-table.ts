/** What holds for every error of one code. */
interface ErrorEntry {
  /** 2: nothing was sent, or an output was not written. 3: not a measurement. */
  readonly exitCode: 2 | 3;
  /** The message, as it stands behind the place of the mistake. */
  readonly what: string;
  /** What to do, where it is the same each time; a call site may know better. */
  readonly instead?: string;
}

/** Every error that a person can meet. docs/errors.md has a paragraph on each. */
export const errorTable = {
  'file.missing': { exitCode: 2, what: 'the file does not exist' },
  'file.unreadable': { exitCode: 2, what: 'the file cannot be read' },
  'file.not-regular': {
    exitCode: 2,
    what: 'not a regular file',
    instead: 'a file, or a link to one: what comes through a pipe or a device may never end',
  },
  'file.too-large': { exitCode: 2, what: 'the file is too large' },
  'file.not-text': { exitCode: 2, what: 'the file is not UTF-8 text' },
  'file.empty': { exitCode: 2, what: 'the file is empty' },
  'file.syntax': { exitCode: 2, what: 'the file cannot be parsed' },
  'file.unknown-format': { exitCode: 2, what: 'Plimsoll cannot read this kind of file' },
  'module.import-failed': { exitCode: 2, what: 'an import of the module cannot be resolved' },
  'module.threw': { exitCode: 2, what: 'the module failed while it was imported' },
  'module.hung': { exitCode: 3, what: 'a function of the scenario does not come to its end' },
  'module.no-scenario': {
    exitCode: 2,
    what: 'the module exports no scenario',
    instead: 'export default defineScenario({ … })',
  },
  'folder.missing': { exitCode: 2, what: 'the folder does not exist' },
  'folder.not-removed': { exitCode: 2, what: 'the folder cannot be removed', instead: 'remove it by hand' },
  'output.unwritable': {
    exitCode: 2,
    what: 'the output cannot be written',
    instead: 'write to another folder with --out, or make this one writable',
  },
  'output.exists': {
    exitCode: 2,
    what: 'the file exists already, so nothing was written',
    instead: 'another name with --name, or --force to replace it',
  },

  'delivery.failed': {
    exitCode: 2,
    what: 'it was not told of the result',
    instead: 'look at its URL and at what it answers; the exit code is that of the verdict',
  },

  'value.unknown-key': { exitCode: 2, what: 'unknown key' },
  'value.missing': { exitCode: 2, what: 'a required value is missing' },
  'value.invalid': { exitCode: 2, what: 'invalid value' },
  'value.invalid-quantity': { exitCode: 2, what: 'invalid quantity' },
  'value.out-of-range': { exitCode: 2, what: 'the quantity is out of range' },
  'template.unquoted': { exitCode: 2, what: 'a template must be quoted in YAML' },
  'template.unclosed': { exitCode: 2, what: 'the template is not closed' },
  'template.unknown-name': { exitCode: 2, what: 'the template uses a name that does not exist here' },
  'template.unknown-filter': { exitCode: 2, what: 'the template uses a filter that does not exist' },
  'template.invalid-generator': { exitCode: 2, what: 'the generator is not written correctly' },
  'variable.unset': { exitCode: 2, what: 'an environment variable is not set' },
  'variable.malformed': {
    exitCode: 2,
    what: 'the environment variable is not written correctly',
    instead: 'for the two characters themselves, $${',
  },

  'request.invalid-line': { exitCode: 2, what: 'invalid request line' },
  'request.invalid-path': { exitCode: 2, what: 'invalid path in a request' },
  'request.unexpected-body': { exitCode: 2, what: 'the request cannot have this body' },
  'header.invalid-name': { exitCode: 2, what: 'invalid header name' },
  'header.invalid-value': {
    exitCode: 2,
    what: 'invalid header value',
    instead: 'the value without line breaks',
  },
  'header.reserved': { exitCode: 2, what: 'Plimsoll sets this header itself', instead: 'leave it out' },
  'condition.invalid': { exitCode: 2, what: 'invalid condition' },
  'capture.invalid-path': { exitCode: 2, what: 'invalid JSON path' },
  'selector.invalid': { exitCode: 2, what: 'invalid selector' },
  'pattern.invalid': { exitCode: 2, what: 'invalid regular expression' },
  'schema.invalid': { exitCode: 2, what: 'invalid JSON Schema' },
  'journey.duplicate-name': { exitCode: 2, what: 'two journeys have the same name' },
  'endpoint.two-methods': { exitCode: 2, what: 'one endpoint name stands for two methods' },
  'endpoint.taken-name': { exitCode: 2, what: 'something else is measured under this name' },
  'engine.unsupported': {
    exitCode: 2,
    what: 'autocannon cannot do this',
    instead: 'engine: http, which can do this',
  },
  'engine.not-installed': { exitCode: 2, what: 'the engine is not installed' },
  'secret.literal': {
    exitCode: 2,
    what: 'a secret must not stand in a scenario',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself is shown
    instead: '"${NAME}", or { command: [PROGRAM, ARGUMENT] }',
  },
  'secret.command-failed': { exitCode: 2, what: 'the command did not print a secret' },
  'auth.token-failed': { exitCode: 3, what: 'no token could be fetched' },
  'proxy.invalid': { exitCode: 2, what: 'the proxy cannot be used' },
  'package.not-installed': { exitCode: 2, what: 'an optional package is not installed' },
  'tls.invalid-pem': { exitCode: 2, what: 'the certificate or key cannot be used' },
  'tls.encrypted-key': {
    exitCode: 2,
    what: 'the private key has a passphrase',
    instead: 'openssl pkey -in FILE -out FILE.plain',
  },
  'tls.key-mismatch': { exitCode: 2, what: 'the private key does not belong to the certificate' },
  'data.empty': { exitCode: 2, what: 'the data file has no rows' },
  'data.not-a-list': { exitCode: 2, what: 'the data file is not a list' },
  'data.invalid-columns': { exitCode: 2, what: 'the columns of the data file are not named correctly' },
  'data.invalid-row': { exitCode: 2, what: 'a row of the data file is different from the others' },
  'settings.invalid-host': { exitCode: 2, what: 'invalid host name' },

  'budgets.unknown-metric': { exitCode: 2, what: 'unknown metric' },
  'budgets.unknown-scenario': { exitCode: 2, what: 'budgets for a scenario that does not exist' },
  'budgets.unknown-stage': { exitCode: 2, what: 'budgets for a stage that the scenario does not have' },
  'budgets.unknown-endpoint': {
    exitCode: 2,
    what: 'a budget for an endpoint that the scenario does not have',
  },
  'budgets.above-timeout': {
    exitCode: 2,
    what: 'a latency limit at or above the timeout can never be judged',
    instead: 'a lower limit, or a longer timeout in the scenario',
  },

  'budgets.not-offered': {
    exitCode: 2,
    what: 'a floor for rps above what the load offers can never be met',
    instead: 'a lower floor, or a higher rate in the scenario',
  },
  'budgets.other-load': {
    exitCode: 2,
    what: 'a capacity in another unit than the load has',
    instead: 'a rate for an open load, a number of users for a closed one',
  },
  'budgets.idle-stage': {
    exitCode: 2,
    what: 'a budget for a stage in which nothing is sent',
    instead: 'a budget for another stage, or a rate above 0/s in this one',
  },
  'budgets.not-of-whole': {
    exitCode: 2,
    what: 'journeys and groups do not have this metric',
    instead: 'the limit for an endpoint of requests, or for the total',
  },
  'budgets.not-recorded': { exitCode: 2, what: 'a budget on a metric that the scenario does not record' },

  'gate.no-base': {
    exitCode: 2,
    what: 'the gate of the base cannot be read',
    instead:
      'fetch the base first, such as with fetch-depth: 0 of actions/checkout; or --gate head, which judges by this checkout',
  },
  'gate.scenario-gone': {
    exitCode: 2,
    what: 'a scenario of the base is not run',
    instead: 'keep it; or --gate head, where somebody decides that it may go',
  },

  'target.invalid': { exitCode: 2, what: 'the target is not a URL that can be loaded' },
  'target.not-allowed': { exitCode: 2, what: 'the target is neither loopback nor private nor allowed' },
  'target.production': {
    exitCode: 2,
    what: 'a request that may change something in production',
  },
  'target.too-fast': { exitCode: 2, what: 'more requests per second than this folder allows' },
  'target.unresolved': { exitCode: 3, what: 'the target never answered: its name does not resolve' },

  'command.unknown-command': { exitCode: 2, what: 'unknown command', instead: 'plimsoll --help' },
  'command.unknown-flag': { exitCode: 2, what: 'unknown flag', instead: 'plimsoll --help' },
  'command.unexpected-argument': {
    exitCode: 2,
    what: 'unexpected argument',
    instead: 'plimsoll --help',
  },
  'command.missing-argument': { exitCode: 2, what: 'an argument is missing', instead: 'plimsoll --help' },
  'command.missing-value': { exitCode: 2, what: 'the flag needs a value', instead: 'plimsoll --help' },
  'command.invalid-value': { exitCode: 2, what: 'invalid value of a flag' },
  'command.repeated-flag': { exitCode: 2, what: 'the flag is given more than once' },
  'command.conflicting-flags': { exitCode: 2, what: 'these flags cannot be used together' },
  'command.needs-url': { exitCode: 2, what: 'this flag works only with a URL' },
  'command.no-scenario': { exitCode: 2, what: 'the command needs a scenario' },
  'command.needs-checkout': { exitCode: 2, what: "the command needs a checkout of Plimsoll's repository" },

  'build.failed': { exitCode: 2, what: 'the build failed' },
  'serve.port-in-use': {
    exitCode: 2,
    what: "something already listens on the target's port",
    instead:
      'stop what listens there, name another address in `target`, or leave out `serve` to load what runs already',
  },
  'serve.exited': { exitCode: 3, what: 'the API ended before it was ready' },
  'serve.not-ready': { exitCode: 3, what: 'the API did not get ready in time' },
  'setup.failed': { exitCode: 3, what: 'a request of the setup failed, so there is no load' },
  'teardown.failed': { exitCode: 3, what: 'a request of the teardown failed' },
  'process.not-ended': { exitCode: 2, what: 'a process cannot be ended', instead: 'end it by hand' },

  'record.corrupt': {
    exitCode: 2,
    what: 'the record is damaged',
    instead: 'measure again; a record is not edited by hand',
  },
  'record.newer-version': {
    exitCode: 2,
    what: 'the record has a version that this Plimsoll cannot read',
    instead: 'update Plimsoll: a newer one wrote this record',
  },
  'record.other-kind': { exitCode: 2, what: 'the file holds something else' },
  'record.not-a-measurement': {
    exitCode: 2,
    what: 'the run cannot be a baseline',
    instead: 'measure again, and save that',
  },
  'results.other-tool': { exitCode: 2, what: 'the results are of another tool' },
  'results.unknown-format': { exitCode: 2, what: 'Plimsoll knows no results of this form' },
  'results.invalid-value': {
    exitCode: 2,
    what: 'a value of the results cannot be used',
    instead: 'measure again; results are not edited by hand',
  },
  'results.no-requests': { exitCode: 3, what: 'the results hold no request' },
  'results.no-scenario': { exitCode: 2, what: 'it is not clear which budgets apply' },
  'import.not-installed': { exitCode: 2, what: 'a package for this import is not installed' },
  'import.fetch-failed': { exitCode: 2, what: 'the URL cannot be read' },
  'import.other-format': { exitCode: 2, what: 'the file is not of the format that the flag names' },
  'import.no-request': { exitCode: 2, what: 'no request can be imported' },
  'compare.same-run': { exitCode: 2, what: 'a run cannot be compared with itself' },
  'compare.not-comparable': { exitCode: 2, what: 'the two runs cannot be compared' },
  'history.unknown-metric': { exitCode: 2, what: 'unknown metric' },
  'history.unknown-scenario': { exitCode: 2, what: 'it is not clear which scenario you mean' },
  'history.unknown-endpoint': { exitCode: 2, what: 'no stored run has this endpoint' },

  'store.no-run': { exitCode: 2, what: 'no such run is stored', instead: 'plimsoll baseline list' },
  'store.ambiguous-run': {
    exitCode: 2,
    what: 'more than one run matches',
    instead: 'plimsoll baseline list',
  },
  'store.no-repository': {
    exitCode: 2,
    what: 'this folder is in no git repository',
    instead: 'git init, or --store dir for a store without git',
  },
  'store.no-remote': { exitCode: 2, what: 'there is no remote to share baselines with' },
  'store.branch-corrupt': { exitCode: 2, what: 'the branch of baselines is damaged' },
  'store.branch-checked-out': { exitCode: 2, what: 'the branch of baselines is checked out' },
  'store.branch-name-taken': {
    exitCode: 2,
    what: 'another branch takes the name of the branch of baselines',
  },
  'store.busy': {
    exitCode: 2,
    what: 'other processes keep writing to the branch of baselines',
    instead: 'try again when no other Plimsoll writes to this repository',
  },
  'store.push-failed': { exitCode: 2, what: 'the baselines cannot be pushed' },
  'store.fetch-failed': { exitCode: 2, what: 'the baselines cannot be fetched' },
  'store.git-failed': { exitCode: 2, what: 'git failed' },
  'git.unknown-ref': { exitCode: 2, what: 'git knows no such commit' },

  'duet.no-serve': {
    exitCode: 2,
    what: 'nothing says how a commit is built and started',
    instead: 'serve: { install: npm ci, build: npm run build, start: npm start, ready: GET /health }',
  },
  'duet.not-continuable': {
    exitCode: 2,
    what: 'the duet cannot be continued',
    instead: 'a new duet, without --continue',
  },
  'duet.mixed-sides': { exitCode: 2, what: 'the sides are not of one kind' },
  'duet.same-side': { exitCode: 2, what: 'both sides are the same' },
  'duet.repeated-head': { exitCode: 2, what: 'two heads are the same commit' },
  'duet.repeated-instance': { exitCode: 2, what: 'an instance is named twice' },
  'duet.uneven-instances': { exitCode: 2, what: 'the sides have different numbers of instances' },
  'duet.unsupported-engine': {
    exitCode: 2,
    what: 'a duet needs the http engine',
    instead: 'engine: http, or no engine at all',
  },
  'duet.unsupported-auth': { exitCode: 2, what: 'a duet fetches no tokens' },
  'duet.unsupported-data': {
    exitCode: 2,
    what: 'a duet cannot use each row of data once',
    instead: 'pick: shuffle',
  },
  'duet.unreached-endpoint': {
    exitCode: 2,
    what: 'an endpoint would never be requested in a restart',
    instead: 'shorter think times, or more turns a restart with --pairs',
  },
  'calibration.tls-target': {
    exitCode: 2,
    what: 'answers over TLS cannot be delayed',
    instead: 'calibrate on an instance that is reached over http, best on loopback',
  },
  'calibration.unsupported-protocol': {
    exitCode: 2,
    what: 'answers over HTTP/2 cannot be delayed',
    instead: 'calibrate with protocol: http1',
  },
  'calibration.broken-off': { exitCode: 3, what: 'the calibration broke off' },
} as const satisfies { readonly [code: string]: ErrorEntry };

/** The key of an error in the table. */
export type ErrorCode = keyof typeof errorTable;

/** What the table says of a code. */
export function entryOf(code: ErrorCode): ErrorEntry {
  return errorTable[code];
}
