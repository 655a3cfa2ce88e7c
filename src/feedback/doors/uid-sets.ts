/** Octets of a command line that every server takes (RFC 2683, 3.2.1.5), less what stands around the numbers. */
const LONGEST = 7_800;

/**
 * Writes numbers of mails as IMAP's sequence sets (RFC 9051, 9): runs as `3:7`, parted by commas; several sets where
 * one would be longer than a command may be.
 */
export function uidSets(uids: readonly number[], longest = LONGEST): string[] {
  const sets: string[] = [];
  for (const run of runsOf(uids)) {
    const set = sets.at(-1);
    if (set === undefined || set.length + 1 + run.length > longest) sets.push(run);
    else sets[sets.length - 1] = `${set},${run}`;
  }
  return sets;
}

function runsOf(uids: readonly number[]): string[] {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const runs: string[] = [];
  let [first] = sorted;
  for (const [at, uid] of sorted.entries()) {
    if (sorted[at + 1] === uid + 1) continue;
    runs.push(first === uid ? String(uid) : `${first}:${uid}`);
    first = sorted[at + 1];
  }
  return runs;
}
