import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

// Starts the embedded server on the folder named, moving it by the older programs in the second; prints what is said.
// The third is the moment at which it kills itself: before or after one folder takes another name; or that fails.
const [dataDir = '', bin = '', moment = ''] = process.argv.slice(2);
const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  const killAt = (when: string) => {
    const now = `${when} ${basename(String(from))} becomes ${basename(String(to))}`;
    if (moment !== '' && now.startsWith(moment)) process.kill(process.pid, 'SIGKILL');
  };
  if (moment !== '' && `no ${basename(String(from))} becomes`.startsWith(moment)) throw new Error('no such luck');
  killAt('before');
  rename(from, to);
  killAt('after');
};
syncBuiltinESMExports();

const { raiseMajor } = await import('../../src/backup/raise-major.ts');
const { startEmbedded } = await import('../../src/db/embedded/server.ts');
const say = (line: string) => void process.stdout.write(`${line}\n`);
const server = await startEmbedded(dataDir, {
  older: () => bin,
  raise: async (move) => void (await raiseMajor(move, { say })),
});
say('ready');
await server.release();
