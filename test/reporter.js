// Plain JavaScript: Node 20 loads a reporter before the `--import` that would teach it TypeScript.

/**
 * Writes a line of JSON for each test that ended: `file`, `line` and `column`, `outcome` (`passed`, `failed`, `skipped`) and `isTest`, false
 * where a suite or a file failed as a whole. The runner's own entry for a file that passed is left out: it is there
 * even where the file holds no test at all.
 */
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { file, line, column, name, nesting, details, skip, todo } = data;
    const isFile = nesting === 0 && file !== undefined && (file === name || file.endsWith(`/${name}`));
    const isTest = !isFile && details?.type !== 'suite';
    const failsForItself = type === 'test:fail' && details?.error?.failureType !== 'subtestsFailed';
    if (!isTest && !failsForItself) continue;
    const isOpen = skip !== undefined || todo !== undefined;
    const outcome = isOpen ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    yield `${JSON.stringify({ file, line, column, outcome, isTest })}\n`;
  }
}
