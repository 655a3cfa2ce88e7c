import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { draftTopic } from '../../src/operate/edit-topic.ts';
import { createToken } from '../../src/operate/create-token.ts';
import { beginImport, draftImport, importsFolder } from '../../src/operate/errands/import-file.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { addWebhook, testWebhook } from '../../src/operate/webhooks.ts';
import { withholdPaper } from '../../src/operate/withhold-paper.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { unsubscribe } from '../../src/subscribers/unsubscribe.ts';
import type { TestContext } from '../support/context.ts';
import { asFixture } from '../support/wall.ts';
import { cameBack, letterMail, mailSent } from './came-back.ts';
import { bounceMail } from './feedback-mails.ts';
import { makeDigest, makeMatches } from './digests.ts';
import { makeReader } from './readers.ts';

/** Who does what is done here. */
const BY = 'admin:ada@example.org';
const TITLES = ['Robots that grasp soft things', 'Kelp forests seen from far above', 'A quieter way to route experts'];

/** Where the pages of something lie: its part of each path, by the place in the pattern of the route. */
export type Places = Readonly<Record<string, string>>;

/** Fills an installation so that every page of the admin's has something to show; says what stands for `:id`. */
export async function fillAdmin(ctx: TestContext): Promise<Places> {
  const { db } = ctx;
  const now = ctx.now();
  await syncTopics(db, readTopics());
  const day = now.toISOString().slice(0, 10);
  const papers = await makeDigest(db, day, TITLES, now);
  await makeDigest(db, day, ['Far from all others'], now, { state: 'held', source: 'other' });
  await makeMatches(db, 'robots', papers.slice(0, 2));
  const readers = [];
  for (const wishes of [['robots'], ['robots', '-kelp'], ['robots']])
    readers.push(await makeReader(db, now, { wishes, welcome: true }));
  await makeReader(db, now, { status: 'pending', confirmedAt: null });
  await runPlan(ctx);
  await asFixture(db, "UPDATE deliveries SET state = 'sent', sent_at = $1, finished_at = $1 WHERE id % 2 = 0", [now]);
  const leaving = await makeReader(db, now);
  await unsubscribe(ctx, { publicId: leaving.publicId }, { actor: BY });
  await suppress(ctx, { email: 'nobody@example.org' }, BY);
  const places = await programsAndWork(ctx);
  const digest = await db.digest.findFirstOrThrow({ orderBy: { id: 'asc' } });
  const paper = await db.paper.findUniqueOrThrow({ where: { id: papers[2]?.paperId ?? 0 } });
  await withholdPaper(ctx, paper.publicId, true, BY);
  const back = await comeBack(ctx);
  const edition = await db.edition.findFirstOrThrow();
  const act = await db.auditEntry.findFirstOrThrow({ where: { action: 'unsubscribe' } });
  return {
    ...{ ...places, ...back },
    subscribers: readers[0]?.publicId ?? '',
    email: readers[0]?.email ?? '',
    ...{ editions: edition.key, digests: String(digest.id), papers: paper.publicId },
    ...{ topics: 'causality', audit: String(act.id) },
  };
}

/** A refusal that nobody understands, a letter, an outage, and how a destination answered. */
async function comeBack(ctx: TestContext): Promise<Places> {
  const { db } = ctx;
  const now = ctx.now();
  const reader = await makeReader(db, now, { email: 'rosa@strange.example' });
  const delivery = await mailSent(ctx, reader, now);
  await cameBack(ctx, bounceMail(reader.email, '5.9.9', { words: '5.9.9 the moon is in the way' }), delivery);
  await cameBack(ctx, letterMail('grace@example.org', 'Thank you', 'The paper on kelp was fine.'));
  const day = new Date(now.toISOString().slice(0, 10));
  await db.destinationDay.createMany({
    data: [
      { day, destination: 'strange.example', answer: 'taken', about: '', n: 7 },
      { day, destination: 'strange.example', answer: 'refused', about: 'us', n: 1 },
    ],
  });
  const outage = { destination: 'strange.example', beganAt: now, refusedAt: now, probeAt: now };
  await db.destinationOutage.create({ data: { ...outage, byReport: false, reply: '550 5.1.1 No such user' } });
  const event = await db.feedbackEvent.findFirstOrThrow();
  const letter = await db.feedbackReport.findFirstOrThrow({ where: { waits: true } });
  return { feedback: event.publicId, replies: letter.publicId };
}

/** Programs that ask and are told, an import that is done and one that waits for its columns, a topic's draft. */
async function programsAndWork(ctx: TestContext): Promise<Places> {
  const causality = readTopics().find(({ slug }) => slug === 'causality');
  const terms = Array.from({ length: 8 }, (_, n) => `cause number ${n}`);
  const description = causality?.description ?? '';
  await draftTopic(ctx, { slug: 'causality', name: 'Causes', description, terms }, BY);
  await createToken(ctx, { name: 'crm', scopes: ['papers:read'], days: 30 }, BY);
  const { endpoint } = await addWebhook(ctx, { url: 'https://crm.example.org/hooks', events: [] }, BY);
  await testWebhook(ctx, endpoint.publicId, BY);
  const done = await importOf(ctx, 'email,interests\nnot an address,kelp\nnew@example.org,kelp');
  await beginImport(ctx, done, { map: [], total: 2 }, BY);
  await runErrands(ctx, 'errands');
  const draft = await importOf(ctx, 'Mail;Name\nivy@example.org;Ivy\n');
  return { webhooks: endpoint.publicId, errands: String(done), imports: String(draft) };
}

async function importOf(ctx: TestContext, text: string): Promise<number> {
  const stored = `${createHash('sha256').update(text).digest('hex').slice(0, 20)}.csv`;
  await writeFile(join(await importsFolder(ctx.config.DATA_DIR), stored), text);
  return draftImport(ctx, { file: 'readers.csv', stored, bytes: text.length }, BY);
}
