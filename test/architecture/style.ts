import type { Violation } from './imports.ts';
import type { SourceFile } from './source.ts';

const emptyNames = /^(utils?|helpers?|managers?|common|misc)$/i;
const mostLines = 250;
const sentence = /^\S.*[.!?](\s|$)/s;

/** Files and folders whose name says nothing. */
export function nameViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => path.split(/[/.-]/).some(word => emptyNames.test(word)))
    .map(({ path }) => `${path} is named after nothing: name it after what it holds`);
}

/** Files too long without a listed reason, and reasons that are no longer needed. */
export function lengthViolations(
  files: readonly SourceFile[],
  reasons: { readonly [path: string]: string },
): readonly Violation[] {
  const long = files.filter(file => file.lines > mostLines);
  return [
    ...long
      .filter(({ path }) => !reasons[path])
      .map(
        ({ path, lines }) => `${path} has ${lines} lines, more than ${mostLines}, and no reason is listed`,
      ),
    ...Object.keys(reasons)
      .filter(path => !long.some(file => file.path === path))
      .map(path => `${path} is listed as long, but is not`),
  ];
}

/** Two words, or a word beside something that a template puts in. */
const phrase = /(\p{L}{2,}|…)[,;:.]? +\p{L}{2,}|\p{L}{2,}[,;:.]? +…/u;

/** Texts of a layer that read as English: whoever decides says why in data, and the report has the words. */
export function phraseViolations(files: readonly SourceFile[], layer: string): readonly Violation[] {
  return files
    .filter(({ path }) => path.startsWith(`src/${layer}/`))
    .flatMap(({ path, literals }) =>
      literals
        .filter(({ text }) => phrase.test(text))
        .map(({ text, line }) => `${path}:${line} ${layer} makes English: ${JSON.stringify(text)}`),
    );
}

/** Names that several files export: a name means one thing. */
export function ambiguousNames(files: readonly SourceFile[]): readonly Violation[] {
  const homes = new Map<string, string[]>();
  for (const { path, exports } of files) {
    for (const { name } of exports) homes.set(name, [...(homes.get(name) ?? []), path]);
  }
  return [...homes]
    .filter(([, paths]) => new Set(paths).size > 1)
    .map(([name, paths]) => `${name} is exported by ${paths.join(' and ')}`);
}

/** Exports without a sentence directly above them, default exports, and logic in the public index. */
export function exportViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(file => [
    ...file.errors.map(error => `${file.path} cannot be parsed: ${error}`),
    ...file.exports
      .filter(({ name }) => name === 'default')
      .map(({ line }) => `${file.path}:${line} exports a default: exports are named`),
    ...file.exports
      .filter(({ name, doc }) => name !== 'default' && !sentence.test(doc ?? ''))
      .map(({ name, line, doc }) =>
        doc === null
          ? `${file.path}:${line} ${name} has no doc comment directly above it`
          : `${file.path}:${line} the doc comment of ${name} is no sentence`,
      ),
    ...(file.path === 'src/index.ts'
      ? file.logic.map(
          line => `${file.path}:${line} is no explicit re-export, and the index holds nothing else`,
        )
      : []),
  ]);
}
