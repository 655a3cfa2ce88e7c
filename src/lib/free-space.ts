import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Returns how many bytes this user may still write to the file system of a folder, or of the nearest that is there. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}
