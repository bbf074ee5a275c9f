import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type OfBoth, type Side, sides } from '../../../src/model/duet/duet.ts';
import { openSides } from '../../../src/pipeline/duet/duet.ts';
import { prepareDuet, sideNames } from '../../../src/pipeline/duet/duet-preparation.ts';
import type { DuetSides } from '../../../src/pipeline/duet/duet-sides.ts';
import { gitEnv, newRepository, type Repository } from '../store/repository.ts';

/** Answers where it runs, and what a file holds that the build made. */
const server = `
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
const answer = () => ({ folder: process.cwd(), made: readFileSync('made/answer', 'utf8').trim() });
createServer((_, response) => response.end(JSON.stringify(answer()))).listen(process.env.PORT, process.env.HOST);
`;
const copying = 'mkdir made && cp answer made/answer';
/** Links to the answer by its whole path, as an environment of Python links to its interpreter. */
const linking = `${copying} && ln -sf "$PWD/answer" made/answer`;
/** Writes down where it was made. */
const naming = `${copying} && echo "#!$PWD/bin" > made/script`;

interface Answer {
  readonly folder: string;
  readonly made: string;
}

describe('the builds of two commits', () => {
  let root: string;
  let repository: Repository;
  const usualTemp = process.env.TMPDIR;
  const commits: { [name: string]: string } = {};

  before(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-sides-')));
    process.env.TMPDIR = root;
    repository = newRepository(join(root, 'repository'));
    for (const name of ['one', 'two', 'three']) {
      await writeFile(join(root, 'repository', 'answer'), `${name}\n`);
      await writeFile(join(root, 'repository', 'api.cjs'), server);
      repository.run('add', '--all');
      repository.run('commit', '--quiet', `--message=${name}`);
      commits[name] = repository.run('rev-parse', 'HEAD');
    }
  });
  after(async () => {
    if (usualTemp === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usualTemp;
    await rm(root, { recursive: true, force: true });
  });

  interface Opened {
    readonly duetSides: DuetSides;
    /** What was told while the builds were made. */
    readonly told: readonly string[];
  }

  async function opened(
    build: string,
    {
      seed = 1,
      rebuild = 1,
      heads = ['two'],
      interrupt,
    }: { seed?: number; rebuild?: number; heads?: readonly string[]; interrupt?: AbortSignal } = {},
  ): Promise<Opened> {
    const told: string[] = [];
    const options = { cwd: repository.folder, env: { ...gitEnv }, allowHosts: [] };
    const value = {
      name: 'a',
      target: 'http://127.0.0.1:4010',
      serve: { build, start: 'exec node api.cjs', ready: 'GET /', timeout: '20s' },
      load: { model: 'closed', stages: [{ duration: '1s', users: 1 }] },
      steps: ['GET /'],
    } as const;
    const names = sideNames(
      commits.one ?? '',
      heads.map(head => commits[head] ?? ''),
    );
    const prepared = await prepareDuet({ kind: 'value', value }, names, { ...options, budgets: null });
    const out = join(root, 'reports');
    const duetSides = await openSides(prepared, seed, {
      ...{ ...options, out, rebuild, interrupt },
      onEvent: event => told.push(event.kind === 'preparing' ? `${event.side} ${event.what}` : ''),
    });
    return { duetSides, told };
  }

  /** Starts both sides once, asks them, and stops them. */
  async function start({ duetSides }: Opened) {
    const running = await duetSides.open(['base', 'head']);
    try {
      const [base, head] = await Promise.all(
        sides.map(
          async side => (await (await fetch(running.places[side]?.target.url ?? '')).json()) as Answer,
        ),
      );
      return { answers: { base, head } as OfBoth<Answer>, drawn: running.drawn?.[0] };
    } finally {
      await running.close();
    }
  }

  const assertClean = () => {
    assert.equal(repository.run('worktree', 'list').split('\n').length, 1, 'a worktree is left');
    const left = readdirSync(root).filter(name => name.startsWith('plimsoll-workspace-'));
    assert.deepEqual(left, [], 'a folder is left');
  };

  it('run in both folders, as a coin says at each start', async () => {
    const opening = await opened(copying);
    const folders = new Map<string, Set<string>>();
    try {
      for (let number = 0; number < 6; number += 1) {
        const { answers, drawn } = await start(opening);
        assert.equal(answers.base.made, 'one');
        assert.equal(answers.head.made, 'two');
        assert.notEqual(answers.base.folder, answers.head.folder);
        assert.equal(answers.base.folder.length, answers.head.folder.length);
        const ofFirst = answers[drawn?.firstFolder ?? 'base'].folder;
        const [least] = [answers.base.folder, answers.head.folder].sort();
        assert.equal(ofFirst, least, 'the record tells the folders apart');
        for (const side of sides) {
          const known = folders.get(side) ?? new Set();
          folders.set(side, known.add(answers[side].folder));
        }
      }
    } finally {
      await opening.duetSides.close();
    }
    for (const side of sides) assert.equal(folders.get(side)?.size, 2, `${side} ran in both folders`);
    assert.equal(opening.told.filter(text => text.includes('checking out')).length, 2, 'each is built once');
    assertClean();
  });

  for (const [what, build] of [
    ['links to', linking],
    ['writes down', naming],
  ] as const) {
    it(`are made in both folders where one ${what} the folder it was made in`, async () => {
      const opening = await opened(build);
      const seen = new Set<string>();
      try {
        for (let number = 0; number < 6; number += 1) {
          const { answers } = await start(opening);
          assert.equal(answers.base.made, 'one');
          assert.equal(answers.head.made, 'two', 'no side reads the other’s files');
          seen.add(answers.base.folder);
        }
      } finally {
        await opening.duetSides.close();
      }
      assert.equal(seen.size, 2, 'base ran in both folders');
      const again = opening.told.filter(text => /again, since made\/\w+ names its folder/.test(text));
      assert.equal(again.length, 2, opening.told.join('\n'));
      assertClean();
    });
  }

  it('are made as often as asked, when each first runs', async () => {
    const opening = await opened(`${copying} && head -c 8 /dev/urandom | od -An -tx1 >> made/answer`, {
      rebuild: 3,
    });
    const made: { [side in Side]: string[] } = { base: [], head: [] };
    const madeBefore = opening.told.filter(text => text.includes('checking out')).length;
    try {
      for (let number = 0; number < 6; number += 1) {
        const { answers, drawn } = await start(opening);
        for (const side of sides) made[side].push(`${drawn?.builds?.[side]} ${answers[side].made}`);
      }
    } finally {
      await opening.duetSides.close();
    }
    assert.equal(madeBefore, 2, 'the first of each side are made before the first start');
    for (const side of sides) {
      assert.equal(new Set(made[side].slice(0, 3)).size, 3, 'the first starts run a build of their own each');
      assert.deepEqual(new Set(made[side].slice(3)), new Set(made[side].slice(0, 3)), 'then all run again');
    }
    assertClean();
  });

  for (const [what, build] of [
    ['once', copying],
    ['in each folder where one names it', naming],
  ] as const) {
    it(`of several heads are made ${what}, run in as many folders, and not where a head is over`, async () => {
      const opening = await opened(build, { heads: ['two', 'three'] });
      const folders = new Map<string, Set<string>>();
      try {
        for (const order of [
          ['head 2', 'base', 'head 1'],
          ['base', 'head 1', 'head 2'],
          ['head 2', 'base'],
        ]) {
          const running = await opening.duetSides.open(order);
          try {
            assert.deepEqual(Object.keys(running.places), order);
            const heads = order.filter(name => name !== 'base').sort();
            assert.deepEqual(
              running.names,
              heads.map(head => ({ base: ['base'], head: [head] })),
            );
            assert.equal(running.drawn?.length, heads.length);
            for (const [name, { target }] of Object.entries(running.places)) {
              const answer = (await (await fetch(target.url)).json()) as Answer;
              assert.equal(answer.made, { base: 'one', 'head 1': 'two', 'head 2': 'three' }[name]);
              folders.set(name, (folders.get(name) ?? new Set()).add(answer.folder));
            }
          } finally {
            await running.close();
          }
        }
      } finally {
        await opening.duetSides.close();
      }
      assert.equal(new Set([...folders.values()].flatMap(of => [...of])).size, 3, 'three folders');
      const made = opening.told.filter(text => text.includes('checking out')).length;
      assert.equal(made, build === naming ? 9 : 3);
      assertClean();
    });
  }

  it('of several heads are of different commits', async () => {
    await assert.rejects(opened(copying, { heads: ['two', 'two'] }), /two heads are the same commit/);
    assertClean();
  });

  it('leave nothing behind where a later build fails, or is interrupted', async () => {
    const failing = await opened(`${copying} && test ! -e ../built-twice && touch ../built`, { rebuild: 2 });
    await start(failing);
    const [workspace = ''] = readdirSync(root).filter(name => name.startsWith('plimsoll-workspace-'));
    await writeFile(join(root, workspace, 'built-twice'), '');
    await assert.rejects(failing.duetSides.open(['base', 'head']), /exit code 1/);
    await failing.duetSides.close();
    assertClean();

    const interrupt = new AbortController();
    const building = opened('sleep 60', { interrupt: interrupt.signal });
    setTimeout(() => interrupt.abort(new Error('enough')), 500);
    await assert.rejects(building, /enough/);
    assertClean();
  });
});
