import type { ScenarioUser } from '../../model/code/user-code.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { DataSet, Journey } from '../../model/run/scenario.ts';
import type { Draws } from '../draws/draws.ts';

/** What functions of a scenario are told of a virtual user. */
export interface ScriptedUser {
  /** The journey's index in the run. */
  readonly index: number;
  /** Where its request stands in the journey. */
  readonly position: number;
  readonly draws: Draws | null;
  readonly captured: readonly string[];
  readonly capturedJson: readonly boolean[];
  readonly filled: readonly boolean[];
}

/** The user of a request that is the same for all. */
export const nobody: ScriptedUser = {
  index: 0,
  position: 0,
  draws: null,
  captured: [],
  capturedJson: [],
  filled: [],
};

type Values = { readonly [name: string]: unknown };

/** Shows a virtual user to a function of a journey, as it is in this moment. */
export function userViews(
  kind: 'prepare' | 'check',
  { data }: Plan,
  { steps }: Journey,
): (user: ScriptedUser) => ScenarioUser {
  const captures = steps.flatMap(step => (step.kind === 'request' ? step.captures : []));
  const shown = data.map((set, index) => ({ set, index })).filter(({ set }) => set.ofSecrets === undefined);
  const setup = shown.filter(({ set }) => set.ofSetup);
  const sets = shown.filter(({ set }) => !set.ofSetup);
  return user => {
    const { index, position, draws } = user;
    const rowOf = (set: number, { columns }: DataSet): Values =>
      Object.fromEntries(
        columns.map((name, column) => {
          const text = draws?.datum({ kind: 'data', set, column, whole: true }, index) ?? 'null';
          return [name, jsonValue(text)];
        }),
      );
    let asked = 0;
    return {
      iteration: index + 1,
      get vars() {
        const own = captures
          .filter(({ slot }) => user.filled[slot] === true)
          .map(({ name, slot }) => {
            const text = user.captured[slot] ?? '';
            return [name, user.capturedJson[slot] === true ? jsonValue(text) : text] as const;
          });
        return {
          ...Object.assign({}, ...setup.map(({ set, index: at }) => rowOf(at, set))),
          ...Object.fromEntries(own),
        };
      },
      get data() {
        return Object.fromEntries(sets.map(({ set, index: at }) => [set.name, rowOf(at, set)]));
      },
      random() {
        asked += 1;
        return draws?.scripted(kind, index, position, asked) ?? 0;
      },
    };
  };
}

/** A JSON value; a number that a double cannot hold, such as a long id, stays text. */
function jsonValue(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return typeof value === 'number' &&
    String(value) !== json &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(json)
    ? json
    : value;
}
