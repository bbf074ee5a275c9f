import { resolve } from 'node:path';
import { checkBudgets, readBudgetsFile } from '../../config/budgets.ts';
import type { Budgets } from '../../config/schema/budgets/budgets-value.ts';
import { documentOf, type SourceDocument } from '../../config/source/place.ts';
import { PlimsollError } from '../../model/error.ts';

/** Budgets that were read, with the places of their values for errors. */
export interface BudgetsDocument extends SourceDocument {
  readonly value: Budgets;
}

/** Budgets as a program has them: the path of a file, a value, or what `readBudgets` returned. */
export type BudgetsSource = string | Budgets | BudgetsDocument;

/**
 * Reads budgets from a file, relative to `cwd`, or checks a value. Throws a `PlimsollError` of everything that is wrong
 * with their shape; whether they fit a scenario is seen where they are used.
 */
export async function readBudgets(
  source: string | Budgets,
  { cwd = process.cwd() }: { readonly cwd?: string | undefined } = {},
): Promise<BudgetsDocument> {
  const { document, problems } =
    typeof source === 'string'
      ? await readBudgetsFile(source, cwd)
      : checkBudgets(documentOf('budgets', source));
  if (problems.length > 0) throw new PlimsollError(problems);
  return document as BudgetsDocument;
}

/** A value as a document; a file is left to be read. */
export function budgetsDocument(
  source: BudgetsSource | undefined,
  cwd: string,
): string | SourceDocument | null {
  if (source === undefined) return null;
  if (typeof source === 'string') return resolve(cwd, source);
  return documentIn(source);
}

/** A value that is no file, as a document. */
export function documentIn(source: Budgets | BudgetsDocument): SourceDocument {
  return 'locate' in source ? source : documentOf('budgets', source);
}
