import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { recordGrowingAct } from '../../src/db/operator/audit.ts';
import { createPasskey } from '../../src/db/operator/passkeys.ts';
import { signToken } from '../../src/links/tokens.ts';
import { acceptInvitation } from '../../src/operate/accept-invitation.ts';
import { askToSignIn } from '../../src/operate/ask-to-sign-in.ts';
import { correctEvent } from '../../src/operate/feedback/correct-event.ts';
import { settleLetter } from '../../src/operate/feedback/settle-letter.ts';
import { cancelEdition } from '../../src/operate/cancel-edition.ts';
import { changeRole } from '../../src/operate/change-role.ts';
import { discardDigest } from '../../src/operate/discard-digest.ts';
import { changeNote } from '../../src/operate/edition-note.ts';
import { endSessions } from '../../src/operate/end-sessions.ts';
import { runHousekeeping } from '../../src/operate/housekeeping.ts';
import { becomeFirstOwner, offerFirstSignIn } from '../../src/operate/first-owner.ts';
import { inviteAdmin, revokeInvitation } from '../../src/operate/invite-admin.ts';
import { leaveFailed } from '../../src/operate/leave-failed.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { makeSignInLink } from '../../src/operate/make-sign-in-link.ts';
import { noteRefusedSignIn } from '../../src/operate/note-refused-sign-in.ts';
import { removePasskey } from '../../src/operate/passkeys/add.ts';
import { pauseEdition } from '../../src/operate/pause-edition.ts';
import { releaseDigest } from '../../src/operate/release-digest.ts';
import { removeAdmin } from '../../src/operate/remove-admin.ts';
import { resend } from '../../src/operate/resend.ts';
import { resumeEdition } from '../../src/operate/resume-edition.ts';
import { rotateKeys } from '../../src/operate/rotate-keys.ts';
import { sendTest } from '../../src/operate/send-test.ts';
import { signIn } from '../../src/operate/sign-in.ts';
import { signOut } from '../../src/operate/sign-out.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { tellOperator } from '../../src/operate/tell-operator.ts';
import { uploadDigest } from '../../src/operate/upload-digest.ts';
import { wakeJob } from '../../src/operate/wake-job.ts';
import { subscribe } from '../../src/subscribers/subscribe.ts';
import { cameBack, letterMail, mailSent } from '../world/came-back.ts';
import { bounceMail } from '../world/feedback-mails.ts';
import { makeDigest } from '../world/digests.ts';
import { planMany } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { form, VISITOR } from '../world/sign-ups.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const ADA = 'ada@example.org';
const BY = 'admin:grace@example.org';
let ctx: TestContext;

/** What stands in the database, table by table, but for the audit log and what counts the visits of strangers. */
async function contents(): Promise<Record<string, string>> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'audit_log|act_counts|rate_limits' ORDER BY 1",
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ all: string }>(
      `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS all FROM "${name}" t`,
    );
    found[name] = rows[0]?.all ?? '';
  }
  return found;
}

const acts = async () => {
  const entries = await database.db.auditEntry.findMany({
    omit: { id: true, at: true },
    include: { counts: true },
    orderBy: { id: 'asc' },
  });
  return entries.map(({ counts, detail, ...entry }) => {
    const sums = counts.map(({ name, count }) => [name, Number(count)]);
    const counted = Object.fromEntries(sums) as object;
    return { ...entry, detail: sums.length === 0 ? detail : { ...(detail as object), ...counted } };
  });
};
const clearActs = () => database.db.$executeRaw`CALL empty_tables('audit_log')`;

/** Lets `body` happen in the session that writes an entry of the audit log. */
async function uponEntry(body: string): Promise<void> {
  await database.pool.query(
    `CREATE OR REPLACE FUNCTION upon_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$`,
  );
  await database.pool.query(
    'CREATE TRIGGER upon_entry BEFORE INSERT OR UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION upon_entry()',
  );
}

const REFUSED = "RAISE EXCEPTION 'the log is full';";
const KILLED = 'PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1);';

beforeEach(async () => {
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, admins, audit_log, captures, papers, suppressions, editions, edition_notes, newsletters, deliveries, interests')`;
  ctx = await testContext(database, { ADMIN_EMAIL: 'ops@digest.example.org' });
});
afterEach(() => database.pool.query('DROP TRIGGER IF EXISTS upon_entry ON audit_log'));

const linkToken = async () => (await makeSignInLink(ctx, ADA, 'cli')).split('/').at(-1) ?? '';
const openSession = async () => {
  await signIn(ctx, await linkToken(), { network: 'n', browser: 'b' });
  return (await ctx.db.adminSession.findFirstOrThrow()).id;
};
const heldDigest = async () => {
  await makeDigest(ctx.db, '2026-01-05', ['A'], ctx.now());
  await ctx.db.paper.updateMany({ data: { arrivedAt: null } });
  const { id } = await ctx.db.digest.findFirstOrThrow();
  await ctx.db.digest.update({ where: { id }, data: { state: 'held' } });
  return id;
};
const failedMails = async () => {
  await planMany(ctx.db, 3, EDITION);
  await asFixture(ctx.db, "UPDATE deliveries SET state = 'failed', end_reason = 'late', finished_at = $1", [ctx.now()]);
};
/** One mail waited past its late limit, and two readers were passed over while the service was down. */
const missedReaders = async () => {
  await makeDigest(ctx.db, '2026-01-05', ['A', 'B'], new Date('2026-01-05T02:00:00Z'));
  await planMany(ctx.db, 1, EDITION);
  await ctx.db.delivery.updateMany({ data: { lateAt: new Date('2026-01-05T11:00:00Z') } });
  for (let n = 0; n < 2; n++) await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'));
  await ctx.db.subscriber.updateMany({
    data: { nextDueAt: new Date('2026-01-06T08:00:00Z'), lastSlotOn: new Date('2026-01-05T00:00:00Z') },
  });
};

interface Act {
  name: string;
  /** The entry it leaves. */
  entry: { actor: string; action: string; subject?: unknown; detail?: unknown; before?: unknown; after?: unknown };
  /** Entries of what comes with it. */
  also?: { actor: string; action: string }[];
  /** Makes what it works on; returns the act. */
  prepare: () => Promise<() => Promise<unknown>>;
  changesNothing?: boolean;
}

const ACTS: Act[] = [
  {
    name: 'pause an edition',
    entry: { actor: BY, action: 'edition.pause', subject: EDITION, detail: null },
    prepare: async () => (await planMany(ctx.db, 3, EDITION), () => pauseEdition(ctx, EDITION, BY)),
  },
  {
    name: 'resume an edition',
    entry: { actor: BY, action: 'edition.resume', subject: EDITION, detail: null },
    prepare: async () => {
      await planMany(ctx.db, 3, EDITION);
      await pauseEdition(ctx, EDITION, BY);
      return () => resumeEdition(ctx, EDITION, BY);
    },
  },
  {
    name: 'cancel an edition',
    entry: { actor: BY, action: 'edition.cancel', subject: EDITION, detail: null },
    prepare: async () => (await planMany(ctx.db, 3, EDITION), () => cancelEdition(ctx, EDITION, BY)),
  },
  {
    name: 'add a note to an edition',
    entry: {
      ...{ actor: BY, action: 'edition.note', subject: EDITION, detail: null },
      ...{ before: { 'note.en': null }, after: { 'note.en': 'Hello.' } },
    },
    prepare: () => Promise.resolve(() => changeNote(ctx, EDITION, { words: { en: 'Hello.' }, picks: [] }, BY)),
  },
  {
    name: 'send a test of an edition',
    entry: { actor: BY, action: 'edition.test', subject: EDITION, detail: { admin: ADA } },
    prepare: async () => {
      await makeSignInLink(ctx, ADA, 'cli');
      await makeDigest(ctx.db, '2026-01-05', ['A'], ctx.now());
      return () => sendTest(ctx, { edition: EDITION, language: 'en', to: ADA }, BY);
    },
  },
  {
    name: 'resend what failed',
    entry: { actor: BY, action: 'edition.resend', subject: EDITION, detail: { only: 'failed', again: 3, planned: 0 } },
    prepare: async () => (await failedMails(), () => resend(ctx, { edition: EDITION, only: 'failed' }, BY)),
  },
  {
    name: 'resend what was missed',
    entry: { actor: BY, action: 'edition.resend', subject: EDITION, detail: { only: 'missed', again: 1, planned: 2 } },
    prepare: async () => (await missedReaders(), () => resend(ctx, { edition: EDITION, only: 'missed' }, BY)),
  },
  {
    name: 'leave what failed',
    entry: { actor: BY, action: 'edition.leave-failed', subject: EDITION, detail: { failed: 3, bounced: 0 } },
    prepare: async () => (await failedMails(), () => leaveFailed(ctx, EDITION, BY)),
    changesNothing: true,
  },
  {
    name: 'release a digest',
    entry: { actor: BY, action: 'digest.release', subject: expect.stringMatching(/^\d+$/) },
    prepare: async () => {
      const id = await heldDigest();
      return () => releaseDigest(ctx, id, BY);
    },
  },
  {
    name: 'discard a digest',
    entry: { actor: BY, action: 'digest.discard', subject: expect.stringMatching(/^\d+$/) },
    prepare: async () => {
      const id = await heldDigest();
      return () => discardDigest(ctx, id, BY);
    },
  },
  {
    name: 'hand in a file',
    entry: {
      actor: BY,
      action: 'digest.upload',
      subject: 'files',
      detail: { name: 'a.txt', sha256: expect.any(String) as string },
    },
    prepare: () => {
      const upload = { source: 'files', name: 'a.txt', bytes: Buffer.from('kelp'), on: undefined };
      return Promise.resolve(() => uploadDigest(ctx, upload, BY));
    },
  },
  {
    name: 'wake a job',
    entry: { actor: BY, action: 'job.wake', detail: { job: 'plan' } },
    prepare: () => Promise.resolve(() => wakeJob(ctx, 'plan', BY)),
    changesNothing: true,
  },
  {
    name: 'make a sign-in link',
    entry: { actor: 'cli', action: 'admin.link', detail: { admin: ADA, role: 'owner' } },
    prepare: () => Promise.resolve(() => makeSignInLink(ctx, ADA, 'cli')),
  },
  {
    name: 'mail a link to sign in',
    entry: { actor: 'visitor', action: 'admin.link', detail: { admin: ADA } },
    prepare: async () => {
      await makeSignInLink(ctx, ADA, 'cli');
      return () => askToSignIn(ctx, { email: ADA, language: 'en', ip: '192.0.2.7' });
    },
  },
  {
    name: 'invite an admin',
    entry: { actor: BY, action: 'admin.invite', detail: { admin: ADA, role: 'editor' } },
    prepare: () => Promise.resolve(() => inviteAdmin(ctx, { email: ADA, role: 'editor', language: 'en' }, BY)),
  },
  {
    name: 'revoke an invitation',
    entry: { actor: BY, action: 'admin.revoke-invitation', detail: { admin: ADA } },
    prepare: async () => {
      await inviteAdmin(ctx, { email: ADA, role: 'editor', language: 'en' }, BY);
      const { id } = await ctx.db.adminInvitation.findFirstOrThrow();
      return () => revokeInvitation(ctx, id, BY);
    },
  },
  {
    name: 'sign in',
    entry: { actor: `admin:${ADA}`, action: 'admin.sign-in' },
    prepare: async () => {
      const token = await linkToken();
      return () => signIn(ctx, token, { network: 'n', browser: 'b' });
    },
  },
  {
    name: 'note a refused sign-in',
    entry: { actor: 'visitor', action: 'admin.refused', detail: { reason: 'unknown', network: '192.0.2.0/24' } },
    prepare: () =>
      Promise.resolve(() =>
        noteRefusedSignIn(ctx, { linkToken: 'guess', ip: '192.0.2.7', network: '192.0.2.0/24' }, 'visitor'),
      ),
    changesNothing: true,
  },
  {
    name: 'sign out',
    entry: { actor: BY, action: 'admin.sign-out' },
    prepare: async () => {
      const id = await openSession();
      return () => signOut(ctx, id, BY);
    },
  },
  {
    name: 'end sessions',
    entry: { actor: BY, action: 'admin.end-sessions', detail: { admin: ADA, sessions: 1 } },
    prepare: async () => (await openSession(), () => endSessions(ctx, { email: ADA }, BY)),
  },
  {
    name: 'remove an admin',
    entry: { actor: BY, action: 'admin.remove', detail: { admin: ADA, sessions: 1 } },
    prepare: async () => {
      await makeSignInLink(ctx, 'grace@example.org', 'cli'); // the last owner stays
      await openSession();
      return () => removeAdmin(ctx, ADA, BY);
    },
  },
  {
    name: 'give an admin a role',
    entry: { actor: BY, action: 'admin.role', detail: { admin: ADA, from: 'editor', to: 'viewer' } },
    prepare: async () => {
      for (const email of ['grace@example.org', ADA]) await makeSignInLink(ctx, email, 'cli');
      return () => changeRole(ctx, { email: ADA, role: 'viewer' }, BY);
    },
  },
  {
    name: 'take an invitation',
    entry: {
      actor: `admin:${ADA}`,
      action: 'admin.accept',
      detail: { admin: ADA, role: 'editor', by: 'grace@example.org' },
    },
    also: [{ actor: `admin:${ADA}`, action: 'admin.sign-in' }],
    prepare: async () => {
      await inviteAdmin(ctx, { email: ADA, role: 'editor', language: 'en' }, BY);
      const { payload } = await ctx.db.delivery.findFirstOrThrow({ where: { kind: 'invitation' } });
      const token = signToken(ctx.keys.link[0]!, 'invitation', (payload as { link: string }).link, 0);
      return () => acceptInvitation(ctx, token, { network: 'n', browser: 'b' });
    },
  },
  {
    name: 'become the first owner',
    entry: { actor: `admin:${ADA}`, action: 'admin.accept', detail: { admin: ADA, role: 'owner', by: 'first link' } },
    also: [{ actor: `admin:${ADA}`, action: 'admin.sign-in' }],
    prepare: async () => {
      await ctx.db.adminChallenge.deleteMany();
      const token = (await offerFirstSignIn(ctx))?.split('/').at(-1) ?? '';
      return () => becomeFirstOwner(ctx, { token, email: ADA }, { network: 'n', browser: 'b' });
    },
  },
  {
    name: 'remove a passkey',
    entry: { actor: `admin:${ADA}`, action: 'admin.remove-passkey', detail: { name: 'Key' } },
    prepare: async () => {
      await linkToken();
      const { id: adminId } = await ctx.db.admin.findFirstOrThrow();
      const row = { credentialId: 'k', publicKey: new Uint8Array(1), counter: 0, transports: [], name: 'Key' };
      await createPasskey(ctx.db, { ...row, adminId, createdAt: ctx.now() });
      const { id } = await ctx.db.adminPasskey.findFirstOrThrow();
      return () => removePasskey(ctx, { adminId, email: ADA }, id);
    },
  },
  {
    name: 'suppress an address',
    entry: { actor: BY, action: 'suppress', detail: expect.objectContaining({ reason: 'manual' }) as object },
    prepare: async () => {
      await makeReader(ctx.db, ctx.now(), { email: ADA });
      return () => suppress(ctx, { email: ADA, note: 'asked by telephone' }, BY);
    },
  },
  {
    name: 'lift a suppression',
    entry: {
      actor: BY,
      action: 'lift-suppression',
      detail: expect.objectContaining({ reason: 'complaint' }) as object,
    },
    prepare: async () => {
      await suppress(ctx, { email: ADA, reason: 'complaint' }, BY);
      return () => liftSuppression(ctx, ADA, BY);
    },
  },
  {
    name: 'correct what came back',
    entry: {
      ...{ actor: BY, action: 'feedback.correct', subject: expect.stringMatching(/^event:/) as string },
      ...{ before: { corrected: null, effect: 'half-point' }, after: { corrected: 'auto-reply', effect: 'undone' } },
    },
    prepare: async () => {
      const reader = await makeReader(ctx.db, ctx.now(), { email: ADA });
      await cameBack(ctx, bounceMail(ADA, '4.2.2'), await mailSent(ctx, reader, ctx.now()));
      const { publicId } = await ctx.db.feedbackEvent.findFirstOrThrow();
      return () => correctEvent(ctx, publicId, 'auto-reply', BY);
    },
  },
  {
    name: 'settle a letter',
    entry: { actor: BY, action: 'letter.done', before: { waits: true }, after: { waits: false } },
    prepare: async () => {
      await cameBack(ctx, letterMail('grace@example.org', 'Kelp', 'Fine.'));
      const { publicId } = await ctx.db.feedbackReport.findFirstOrThrow();
      return () => settleLetter(ctx, publicId, false, BY);
    },
  },
  {
    name: 'rotate keys',
    entry: { actor: BY, action: 'keys.rotate' },
    prepare: () => Promise.resolve(() => rotateKeys(ctx, { retire: [] }, BY)),
  },
  {
    name: 'tell the operator',
    entry: { actor: 'job:deliver', action: 'alarm.tell', detail: { key: 'k' } },
    prepare: () =>
      Promise.resolve(() => tellOperator(ctx, { key: 'k', subject: 'Look', lines: ['here'] }, 'job:deliver')),
  },
  {
    name: 'forget an unanswered sign-up (housekeeping)',
    entry: { actor: 'job:housekeeping', action: 'forget' },
    prepare: async () => {
      await subscribe(ctx, form(ADA), VISITOR);
      ctx.setNow('2026-01-06T12:00:00Z');
      await runHousekeeping(ctx);
      ctx.setNow('2026-01-13T12:00:00Z');
      return () => runHousekeeping(ctx);
    },
  },
];

describe.each(ACTS)('to $name', ({ entry, also = [], prepare, changesNothing = false }) => {
  it('when it is done, then exactly one entry of the audit log says who did it, and one what came with it', async () => {
    const act = await prepare();
    await clearActs();
    const before = await contents();
    await act();
    expect(await acts()).toEqual([entry, ...also].map((one) => expect.objectContaining(one) as object));
    if (changesNothing) expect(await contents()).toEqual(before);
    else expect(await contents()).not.toEqual(before);
  });

  it.each([
    ['the entry is refused', REFUSED],
    ['the process is lost before its transaction ends', KILLED],
  ])('when %s, then nothing of the act is left, and no entry', async (_when, body) => {
    const act = await prepare();
    await clearActs();
    const before = await contents();
    await uponEntry(body);
    await expect(act()).rejects.toThrow();
    expect(await acts()).toEqual([]);
    expect(await contents()).toEqual(before);
  });
});

describe('an act that finds nothing to do', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['pause', () => pauseEdition(ctx, EDITION, BY)],
    ['resume', () => resumeEdition(ctx, EDITION, BY)],
    ['cancel', () => cancelEdition(ctx, EDITION, BY)],
    ['resend', () => resend(ctx, { edition: EDITION, only: 'failed' }, BY)],
    ['resend', () => resend(ctx, { edition: EDITION, only: 'missed' }, BY)],
    ['release', () => releaseDigest(ctx, 1, BY)],
    ['discard', () => discardDigest(ctx, 1, BY)],
    ['sign out', () => signOut(ctx, 1, BY)],
    ['end sessions', () => endSessions(ctx, { email: ADA }, BY)],
    ['remove an admin', () => removeAdmin(ctx, ADA, BY)],
    ['mail a link', () => askToSignIn(ctx, { email: ADA, language: 'en', ip: '192.0.2.7' })],
    ['revoke an invitation', () => revokeInvitation(ctx, 1, BY)],
    ['give an admin a role', () => changeRole(ctx, { email: ADA, role: 'owner' }, BY)],
    ['lift', () => liftSuppression(ctx, ADA, BY)],
  ])('when nothing is there to %s, then no entry is written', async (_name, act) => {
    await act();
    expect(await acts()).toEqual([]);
  });
});

describe('an act of several transactions', () => {
  it('when more mails wait than one step cancels, then all end under one entry; a repeat finds it done', async () => {
    await planMany(ctx.db, 5_100, EDITION);
    expect(await cancelEdition(ctx, EDITION, BY)).toEqual({ outcome: 'done', deliveries: 5_100 });
    expect(await cancelEdition(ctx, EDITION, BY)).toEqual({ outcome: 'already' });
    expect(await acts()).toHaveLength(1);
  });

  it('when two cancel at once what takes several steps, then one is told and noted, and nothing waits', async () => {
    await planMany(ctx.db, 12_000, EDITION);
    const both = await Promise.all([cancelEdition(ctx, EDITION, BY), cancelEdition(ctx, EDITION, BY)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['already', 'done']);
    expect(await acts()).toHaveLength(1);
    expect(await ctx.db.delivery.count({ where: { state: { not: 'cancelled' } } })).toBe(0);
  });

  it('when cancelling was interrupted, then to cancel again ends the rest', async () => {
    await planMany(ctx.db, 20, EDITION);
    await ctx.db.edition.update({ where: { key: EDITION }, data: { state: 'cancelled' } });
    expect(await cancelEdition(ctx, EDITION, BY)).toEqual({ outcome: 'already' });
    expect(await ctx.db.delivery.count({ where: { state: { not: 'cancelled' } } })).toBe(0);
  });

  it('when some of them are rolled back, then its one entry counts what was committed', async () => {
    const entry = { at: ctx.now(), actor: BY, action: 'edition.resend', subject: EDITION } as const;
    const note = recordGrowingAct({ ...entry, detail: { only: 'missed' } }, ['planned', 'again']);
    const adding = (counts: { planned?: number; again?: number }, fails: boolean) =>
      transaction(ctx.db, async (tx) => {
        await note(tx, counts);
        if (fails) throw new Error('rolled back');
      }).catch(() => {});
    await adding({ planned: 7 }, true);
    expect(await acts()).toEqual([]);
    await adding({ planned: 1_000 }, false);
    await adding({ planned: 600 }, true);
    await adding({ planned: 20 }, false);
    await adding({ again: 3 }, false);
    expect(await acts()).toMatchObject([{ actor: BY, detail: { only: 'missed', planned: 1_020, again: 3 } }]);
  });
});
