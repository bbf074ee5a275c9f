/**
 * Saves runs in a process of its own and prints the id of each once it is reported as saved:
 * `store-process.ts dir|git FOLDER save|push ID…`, where `push` shares each run right away.
 */
import { branchStore } from '../../../src/store/baselines/branch-store.ts';
import { folderStore } from '../../../src/store/baselines/folder-store.ts';
import { pushBranch } from '../../../src/store/git/data-remote.ts';
import { gitIn } from '../../../src/store/git/git.ts';
import { runOf } from './repository.ts';

const [kind, folder = '', action, ...ids] = process.argv.slice(2);
const git = gitIn(folder, process.env);
const store = kind === 'git' ? branchStore(git) : folderStore(folder);
// What a first record costs is not what is to be interrupted.
runOf('warm-up');
process.stdout.write('ready\n');
for (const id of ids) {
  await store.save([runOf(id)]);
  if (action === 'push') await pushBranch(git);
  process.stdout.write(`${id}\n`);
}
