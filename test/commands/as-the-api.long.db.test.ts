import { beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { delivery } from '../../src/api/schemas/delivery.ts';
import { act, edition, resendCounts, suppression, takenBack } from '../../src/api/schemas/operation.ts';
import { digest, topic } from '../../src/api/schemas/paper.ts';
import { subscriber } from '../../src/api/schemas/subscriber.ts';
import { whyAnswer } from '../../src/api/schemas/why.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { pause } from '../../src/subscribers/pause.ts';
import { runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { planMail } from '../world/mails.ts';
import { TOPICS } from '../world/matchers.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const ADA = 'ada@example.org';
let paused: bigint;

beforeAll(async () => {
  const ctx = await testContext(database);
  const { id, publicId, email } = await makeReader(ctx.db, ctx.now(), { email: ADA, wishes: ['graphs'] });
  await planMail(ctx.db, { subscriberId: id, email, edition: EDITION });
  await makeDigest(ctx.db, '2026-01-05', ['Graphs'], ctx.now());
  await syncTopics(ctx.db, TOPICS.slice(0, 2));
  await suppress(ctx, { email: 'nobody@example.org' }, 'cli');
  await pause(ctx, { publicId }, new Date('2026-02-01T00:00:00Z'), { actor: 'cli' });
  paused = (await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'pause' } })).id;
});

/** Each command that prints what the API tells too, with the schema of one of its lines. */
const COMMANDS: [words: string, line: z.ZodType][] = [
  ['subscribers list --json', subscriber],
  ['editions list --json', edition],
  ['deliveries --json', delivery],
  ['digests list --json', digest],
  ['topics list --json', topic],
  ['suppress list --json', suppression],
  [`why ${ADA} --json`, whyAnswer],
  [`resend --edition ${EDITION} --only failed --dry-run --json`, resendCounts],
  ['acts --json', act],
  ['acts undo ID --json', takenBack],
];

test('when commands print JSON, then each line is what the API answers', async () => {
  const wrong: unknown[] = [];
  for (const [words, line] of COMMANDS) {
    const run = await runCli(words.replace('ID', String(paused)).split(' '), { url: database.url });
    const lines = run.json();
    if (run.code !== 0 || lines.length === 0) wrong.push([words, run.code, run.stderr]);
    for (const one of lines) {
      const { error } = line.safeParse(one);
      if (error) wrong.push([words, error.issues]);
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);
