import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { sourceHealth } from '../../src/ingest/source-health.ts';
import type { KnownDigest } from '../../src/ingest/source-habits.ts';
import { REMEMBERED_DIGESTS } from '../../src/model/digest.ts';
import { asKnown, isHeld } from './confusion.ts';

/** How the days of a list fared while they filled. */
export interface Filling {
  days: number;
  /** Looks at lists that held something, one an hour. */
  looks: number;
  filling: number;
  /** Looks that would have held the list, with what was said. */
  alarms: string[];
}

interface Listed {
  paper: { submittedOnDailyAt: string };
}

const HOUR_MS = 3_600_000;

/**
 * Plays each archived answer of a folder hour by hour, as far as its papers were listed by then, and six hours beyond.
 */
export function playFilling(folder: string): Filling {
  const played: Filling = { days: 0, looks: 0, filling: 0, alarms: [] };
  const known: KnownDigest[] = [];
  for (const name of readdirSync(folder).sort()) {
    const day = name.slice(0, 10);
    const papers = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Listed[];
    played.days++;
    for (let hour = 0; hour <= 30; hour++) {
      const now = new Date(Date.parse(day) + hour * HOUR_MS);
      const listed = papers.filter(({ paper }) => new Date(paper.submittedOnDailyAt) <= now);
      if (listed.length === 0) continue;
      const digest = parseCapture(Buffer.from(JSON.stringify(listed)), { name, fetchedAt: now });
      const health = sourceHealth(digest, known.slice(-REMEMBERED_DIGESTS), { now, zone: 'UTC' });
      played.looks++;
      if (health.kind === 'filling') played.filling++;
      if (isHeld(health)) played.alarms.push(`${day} ${hour}:00 ${health.verdict}: ${health.reasons.join(' · ')}`);
      if (hour === 30) known.push(asKnown(digest, !isHeld(health)));
    }
  }
  return played;
}
