import { nodeIn, nodesIn, type ScriptNode } from './script-syntax.ts';

/** The values of `let i = A; i < B; i++`, with the name; null of any other loop, and of one of more than `most` rounds. */
export function roundsOf(loop: ScriptNode, evaluated: (node: ScriptNode | null) => unknown, most: number) {
  const [declared] = nodesIn(nodeIn(loop, 'init') ?? loop, 'declarations');
  const [test, update] = [nodeIn(loop, 'test'), nodeIn(loop, 'update')];
  const name = declared && nodeIn(declared, 'id')?.name;
  const isCounted =
    test?.operator === '<' && update?.operator === '++' && nodeIn(test, 'left')?.name === name;
  if (declared === undefined || !isCounted || test === null || typeof name !== 'string') return null;
  const [from, to] = [evaluated(nodeIn(declared, 'init')), evaluated(nodeIn(test, 'right'))];
  if (typeof from !== 'number' || typeof to !== 'number' || to - from > most) return null;
  const values = Array.from({ length: Math.max(0, Math.ceil(to - from)) }, (_, index) => from + index);
  return { name, values };
}
