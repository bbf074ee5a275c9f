import { distance } from 'fastest-levenshtein';

/** The candidate that a person most likely meant by `word`; undefined where none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const edits =
      distance(word.toLowerCase(), candidate.toLowerCase()) - (isAnagram(word, candidate) ? 0.5 : 0);
    if (edits <= tolerated(word, candidate) && (best === undefined || edits < best.edits)) {
      best = { candidate, edits };
    }
  }
  return best?.candidate;
}

/** Two edits, or a third of the longer word; never so many that nothing of the word is left. */
function tolerated(word: string, candidate: string): number {
  const longer = Math.max(word.length, candidate.length);
  return Math.min(longer - 1, Math.max(2, Math.floor(longer / 3)));
}

/** Swapped letters are the commonest slip. */
function isAnagram(word: string, candidate: string): boolean {
  const letters = (text: string) => [...text.toLowerCase()].sort().join('');
  return letters(word) === letters(candidate);
}
