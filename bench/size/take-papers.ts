import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { openContext } from '../../src/create-context.ts';
import { takeIn } from '../../src/ingest/take-in.ts';
import { addDays } from '../../src/lib/time.ts';
import { listsOf } from '../ingest/lists.ts';

const FIRST = '2025-01-01';

/** Takes in so many days of invented lists as the service does; throws where one is held or cannot be read. */
export async function takePapers(url: string, days: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'offprint-size-'));
  const settings = { DATABASE_URL: url, DATA_DIR: home, SOURCES: '', LOG_LEVEL: 'silent', PORT: '0' };
  const opened = await openContext(loadConfig(settings));
  let now = new Date(FIRST);
  try {
    for (let n = 0; n < days; n++) {
      const day = addDays(FIRST, n);
      now = new Date(`${day}T23:00:00Z`);
      const incoming = listsOf(day).map(({ source, name, text }) => {
        const bytes = Buffer.from(text);
        return { source, received: { name, bytes, sha256: createHash('sha256').update(bytes).digest('hex') } };
      });
      for (const { problem, state } of await takeIn({ ...opened, now: () => now }, incoming))
        if (problem !== null || state === 'held') throw new Error(problem ?? `${day} is held`);
    }
  } finally {
    await opened.close();
    rmSync(home, { recursive: true, force: true });
  }
}
