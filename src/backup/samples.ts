import type { Config } from '../config.ts';
import type { Keys } from '../context.ts';
import type { Db } from '../db/client.ts';
import { findMailsByPublicId, type SampleMail } from '../db/ledger/sample-mails.ts';
import { loadNewsletterInputs } from '../db/newsletters/inputs.ts';
import { startThread } from '../lib/thread.ts';
import type { Made, Wanted } from './composing-thread.ts';
import type { BackupSample } from './manifest.ts';

/** So many newsletters are made when a backup is taken, and again when it is tried. */
export const SAMPLES_TAKEN = 20;

/** Where newsletters are made, and with what. */
export interface SampleScope {
  db: Db;
  config: Config;
  keys: Keys;
}

/**
 * Makes newsletters as they are made now, by their public ids, newest first; those that are not there are left out.
 * Throws what keeps them from being made.
 */
export async function makeSamples(scope: SampleScope, publicIds: readonly string[]): Promise<BackupSample[]> {
  return compose(scope, await findMailsByPublicId(scope.db, publicIds));
}

async function compose({ db, config, keys }: SampleScope, mails: readonly SampleMail[]): Promise<BackupSample[]> {
  const ids = mails.map(({ id }) => id);
  const inputs = await loadNewsletterInputs(db, ids);
  const found = mails.flatMap(({ id, publicId }) => {
    const input = inputs.get(id);
    return input ? [{ id: publicId, input }] : [];
  });
  return found.length === 0 ? [] : composeApart({ config, keys, mails: found });
}

const THREAD = new URL(`./composing-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/** Composes on a thread of its own: what MJML takes, some 60 MB, goes with it before the rows come. */
async function composeApart(wanted: Wanted): Promise<BackupSample[]> {
  const thread = startThread(THREAD, wanted);
  const made = await new Promise<Made>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the thread that makes newsletters ended with ${code}`)));
  });
  await thread.terminate();
  if ('fault' in made) throw new Error(made.fault);
  return made.samples;
}
