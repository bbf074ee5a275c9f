import { analyse } from 'scslre';
import type { Violation } from './imports.ts';
import type { SourceFile } from './source.ts';

/**
 * Regular expressions that may take a time which grows faster than the text does, outside of the folders that only read what
 * the user wrote: what a target sends may be long, and made for that.
 */
export function slowExpressions(
  files: readonly SourceFile[],
  ownText: readonly string[],
): readonly Violation[] {
  return files
    .filter(({ path }) => !ownText.some(folder => path.startsWith(folder)))
    .flatMap(({ path, expressions }) =>
      expressions.flatMap(({ source, flags, line }) =>
        analyse({ source, flags }).reports.length === 0
          ? []
          : [`${path}:${line} /${source}/${flags} takes more than linear time`],
      ),
    );
}
