import { createHash } from 'node:crypto';
import type { Db } from '../db/client.ts';
import { findMailsByPublicId, newestNewsletterMails, type SampleMail } from '../db/ledger/sample-mails.ts';
import { loadNewsletterInputs } from '../db/newsletters/inputs.ts';
import type { Composer } from '../model/newsletter.ts';
import type { BackupSample } from './manifest.ts';

/** So many newsletters are made when a backup is taken, and again when it is tried. */
export const SAMPLES_TAKEN = 20;

/** Makes the newest newsletters as they are made now. */
export async function takeSamples(db: Db, composer: Composer): Promise<BackupSample[]> {
  return compose(db, composer, await newestNewsletterMails(db, SAMPLES_TAKEN));
}

/** Makes the newsletters of samples again, in their order; those that are no longer there are left out. */
export async function makeAgain(db: Db, composer: Composer, samples: readonly BackupSample[]): Promise<BackupSample[]> {
  return compose(
    db,
    composer,
    await findMailsByPublicId(
      db,
      samples.map(({ id }) => id),
    ),
  );
}

async function compose(db: Db, composer: Composer, mails: readonly SampleMail[]): Promise<BackupSample[]> {
  const inputs = await loadNewsletterInputs(
    db,
    mails.map(({ id }) => id),
  );
  return mails.flatMap(({ id, publicId }) => {
    const input = inputs.get(id);
    if (!input) return [];
    const mail = composer.newsletter(input);
    const sha256 = createHash('sha256').update(mail.raw).digest('hex');
    mail.free?.();
    const { html, text } = composer.page(input, { personal: false });
    return [{ id: publicId, edition: input.editionKey, sha256, html, text }];
  });
}
