import { takeIn } from '../../src/feedback/run-feedback.ts';
import type { Received } from '../../src/feedback/received.ts';
import { verpAddress } from '../../src/links/verp.ts';
import { addressHash } from '../../src/model/address.ts';
import type { TestContext } from '../support/context.ts';
import { asFixture } from '../support/wall.ts';

const DOMAIN = 'bounces.example.org';
let made = 0;

/** A mail that a reader was sent; returns its public id. */
export async function mailSent(
  ctx: TestContext,
  { id, email }: { id: number; email: string },
  at: Date,
  kind = 'link',
): Promise<string> {
  const hash = addressHash(ctx.keys.suppression, email);
  await asFixture(
    ctx.db,
    `INSERT INTO deliveries (kind, key, subscriber_id, email, address_hash, language, key_id, generation, state, next_attempt_at, sent_at, finished_at, created_at)
     VALUES ($1::delivery_kind, $2, $3, $4, $5, 'en', 1, 1, 'sent', $6, $6, $6, $6)`,
    [kind, `sent ${++made}`, id, email, hash, at],
  );
  await ctx.db.subscriber.update({ where: { id }, data: { addressHash: Uint8Array.from(hash) } });
  return (await ctx.db.delivery.findFirstOrThrow({ orderBy: { id: 'desc' } })).publicId;
}

/** Takes in a mail that came back, to the signed address of one of ours where that is said. */
export async function cameBack(ctx: TestContext, raw: string, delivery?: string, more: Partial<Received> = {}) {
  const key = ctx.keys.link[0];
  if (!key) throw new Error('no key');
  return takeIn(ctx)({
    ...{ door: 'smtp', name: `letter ${++made}` },
    bytes: Buffer.from(raw.replaceAll('\n', '\r\n')),
    recipients: delivery === undefined ? [] : [verpAddress(key, delivery, DOMAIN)],
    ...more,
  });
}

/** A letter that a person wrote. */
export function letterMail(from: string, subject: string, text: string): string {
  return [
    `From: Grace <${from}>`,
    'To: papers@digest.example.org',
    `Subject: ${subject}`,
    `Message-ID: <${++made}@example.org>`,
    'In-Reply-To: <1@digest.example.org>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
  ].join('\n');
}
