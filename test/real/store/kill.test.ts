import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BaselineStore } from '../../../src/store/baselines/baseline-store.ts';
import { branchStore } from '../../../src/store/baselines/branch-store.ts';
import { folderStore } from '../../../src/store/baselines/folder-store.ts';
import { inFolder } from './folder.ts';
import { newRepository, runOf, storeProcess } from './repository.ts';

/** How many processes are killed in all; PLIMSOLL_KILLS=100 for as many as the project promises. */
const kills = Number(process.env.PLIMSOLL_KILLS ?? 20);

/** How long each process lives at most after it begins: longer than several saves take. */
const longestLifeMs = { dir: 150, git: 900 } as const;

for (const kind of ['dir', 'git'] as const) {
  describe(`a ${kind} store whose writers are killed`, () => {
    test(`${kills / 2} times at random moments opens and holds every run that was reported as saved`, async () => {
      await inFolder(async folder => {
        const repository = kind === 'git' ? newRepository(folder) : null;
        const store: BaselineStore = repository ? branchStore(repository.git) : folderStore(folder);
        const reported: string[] = [];
        let killed = 0;
        for (let round = 0; round < kills / 2; round += 1) {
          const ids = Array.from({ length: 2_000 }, (_, index) => `r${round}-${index}`);
          const { child, output, ended } = storeProcess(kind, folder, 'save', ...ids);
          // Every other one has at least saved something, however busy the machine is.
          const sign = round % 2 === 0 ? `r${round}-0\n` : 'ready\n';
          while (!output.stdout.includes(sign) && child.exitCode === null) {
            await new Promise(later => setTimeout(later, 2));
          }
          await new Promise(later => setTimeout(later, Math.random() * longestLifeMs[kind]));
          // The whole group, so that git dies in the middle of what it does as well.
          if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
          const { code, stdout, stderr } = await ended;
          if (code === null) killed += 1;
          assert.equal(stderr, '');
          reported.push(...stdout.split('\n').filter(line => /^r\d+-\d+$/.test(line)));
          const { skipped } = await store.list();
          assert.deepEqual(skipped, []);
        }
        const { runs } = await store.list();
        const held = new Map(runs.map(run => [run.entry.header.id, run]));
        assert.ok(killed > 0 && reported.length > 0, `${killed} killed, ${reported.length} reported`);
        assert.deepEqual(
          reported.filter(id => !held.has(id)),
          [],
        );
        for (const id of reported) {
          const run = held.get(id);
          assert.ok(run, `${id} was reported as saved, and is not there`);
          assert.equal((await store.read(run)).header.id, id);
        }
        await store.save([runOf('afterwards')]);
        assert.ok(
          (await store.list()).runs.some(({ entry }) => entry.header.id === 'afterwards'),
          'what was saved afterwards is not there',
        );
      });
    });
  });
}
