/** What the workflow needs to know. */
export interface WorkflowChoices {
  /** The scenario's name: letters, digits, dots, dashes and underscores. */
  readonly scenario: string;
  /** Whether the scenario starts the API itself. */
  readonly isServed: boolean;
  /** Whether the project has dependencies of npm to install. */
  readonly hasLockFile: boolean;
  /** The variables of the environment that hold secrets. */
  readonly variables: readonly string[];
}

/** A GitHub workflow that runs the scenario on every pull request, as docs/ci.md shows it. Nothing in it comes from an import. */
export function workflowYaml({ scenario, isServed, hasLockFile, variables }: WorkflowChoices): string {
  const env = variables.map(name => `      ${name}: \${{ secrets.${name} }}`);
  return [
    'name: performance',
    'on: pull_request',
    'permissions: { contents: read }',
    'jobs:',
    '  budgets:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 10',
    ...(env.length === 0 ? [] : ['    env:', ...env]),
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...(hasLockFile ? ['      - run: npm ci'] : []),
    ...(isServed ? [] : ['      # Start your API here, or let Plimsoll do it: serve: in the scenario.']),
    '      - uses: plimsoll/plimsoll@main',
    '        with:',
    `          scenarios: ${scenario}`,
    '',
  ].join('\n');
}
