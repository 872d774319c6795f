// Every merge of a real history with two parents: where git merges cleanly, the patches of both sides together must print
// the very same tree. The repository is named by ATOMIC_BENCH_REPOSITORY; without it this checkout's own history is taken.

import { spawnSync } from 'node:child_process';

import { importGit, mergedTree } from 'atomic/git';
import { initRepository } from 'atomic/repository';

import { inFolder, ROOT } from './measuring/programs.ts';
import { isJson, note } from './measuring/report.ts';

const from = process.env['ATOMIC_BENCH_REPOSITORY'] ?? ROOT;
const counts = { gitClean: 0, same: 0, conflictHere: 0, different: 0, gitConflict: 0, cleanHere: 0 };

await inFolder(async (folder) => {
  const repository = initRepository(folder);
  importGit(repository, from, {
    actor: 'bench',
    eachMerge(commit, state, touched) {
      if (commit.parents.length !== 2) return;
      const args = ['-C', from, 'merge-tree', '--write-tree', '--no-messages', ...commit.parents];
      const git = spawnSync('git', args, { encoding: 'utf8' });
      const ours = mergedTree(state, touched);
      const isClean = ours.conflicts.length === 0;
      if (git.status !== 0) {
        counts.gitConflict += 1;
        if (isClean) counts.cleanHere += 1;
        return;
      }
      counts.gitClean += 1;
      const isSame = isClean && ours.name === git.stdout.trim().split('\n')[0];
      if (isSame) counts.same += 1;
      else if (isClean) counts.different += 1;
      else counts.conflictHere += 1;
      if (!isSame)
        note(`${commit.id}: ${isClean ? 'another tree' : `in conflict: ${ours.conflicts.slice(0, 3).join(', ')}`}`);
    },
  });
  repository.close();
  const { gitClean, same, conflictHere, different, gitConflict, cleanHere } = counts;
  console.log(
    isJson
      ? JSON.stringify({ version: 1, bench: 'atomic-merges', ...counts })
      : `atomic-merges: of ${gitClean} merges that git does cleanly ${same} are the same, ${conflictHere} are in conflict here, ` +
          `${different} differ; of ${gitConflict} that git does not, ${cleanHere} are clean here`,
  );
});
