import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The To header stands within this many bytes of a mail of ours. */
const HEAD_BYTES = 16_384;

/** Removes the mails to an address from the outbox folder; returns how many. No folder, no files. */
export async function removeOutboxFiles(dataDir: string, email: string): Promise<number> {
  const folder = join(dataDir, 'outbox');
  let removed = 0;
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.eml')) continue;
    const file = join(folder, name);
    if (!isTo(await headOf(file), email)) continue;
    await rm(file, { force: true });
    removed++;
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return ''; // removed meanwhile
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead).split(/\r?\n\r?\n/, 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}

/** Compares with the unfolded To header; our own mails go to one address. */
function isTo(head: string, email: string): boolean {
  const to = /^to:(.*)$/im.exec(head.replace(/\r?\n[ \t]+/g, ' '))?.[1] ?? '';
  const address = /<([^<>]*)>/.exec(to)?.[1] ?? to;
  return address.trim().toLowerCase() === email;
}
