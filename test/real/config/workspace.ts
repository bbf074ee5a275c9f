import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import type { Plan } from '../../../src/model/run/plan.ts';

/** Files by their name in a folder of their own. */
export type Files = { readonly [name: string]: string | Buffer };

/** Gives the body a real folder with these files, and removes it afterwards. */
export async function inWorkspace<T>(files: Files, body: (cwd: string) => Promise<T>): Promise<T> {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-config-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), content);
    }
    return await body(cwd);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** What a scenario needs besides steps. */
export const base = `target: http://127.0.0.1:4010
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
`;

interface Given {
  readonly files?: Files;
  readonly env?: { readonly [name: string]: string };
  readonly name?: string;
  readonly target?: string;
}

/** The plan of a scenario that is written as `a.yaml`, or under another name. */
export function planOf(
  text: string,
  { files = {}, env = {}, name = 'a.yaml', target }: Given = {},
): Promise<Plan> {
  return inWorkspace({ ...files, [name]: text }, cwd =>
    loadPlan({ kind: 'file', file: name, target }, { cwd, env }),
  );
}

/** What a person reads who starts Plimsoll with this scenario. */
export async function mistakesOf(text: string | Buffer, given: Given = {}): Promise<string> {
  return messageOf(planOf(text as string, given));
}

/** The text of the error with which a promise, or a function, ends; never another error, never success. */
export async function messageOf(work: Promise<unknown> | (() => unknown), exitCode = 2): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    assert.ok(error instanceof PlimsollError, (error as Error).stack);
    assert.equal(error.exitCode, exitCode);
    assert.ok(error.problems.length > 0, `problems.length ${error.problems.length}`);
    return error.message;
  }
  return assert.fail('nothing was refused');
}

/** A message as it is read, without the indentation of the test. */
export function lines(...text: readonly string[]): string {
  return text.join('\n');
}
