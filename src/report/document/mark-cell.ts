import type { BaselineMark } from '../../model/run/record.ts';
import type { Qualifier } from '../words/wording.ts';
import { nothing, type TableCell, textCell } from './table.ts';

/** What a stored run was judged when it was saved, and whether that was accepted. */
export function markCell({ verdict, accepted }: BaselineMark): TableCell {
  if (verdict === undefined) return accepted === undefined ? nothing : textCell(acceptedMark.word);
  return { kind: 'verdict', verdict, qualifiers: accepted === undefined ? [] : [acceptedMark] };
}

const acceptedMark: Qualifier = {
  sign: '+',
  word: 'accepted',
  meaning: 'somebody accepted what was worse in it',
};
