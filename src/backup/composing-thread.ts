/**
 * The thread that makes the newsletters of a backup's samples, started by samples.ts: answers with them, or why there
 * are none, and ends.
 */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { openComposer } from '../compose/composer.ts';
import type { Config } from '../config.ts';
import type { Keys } from '../context.ts';
import { messageOf } from '../lib/errors.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import type { BackupSample } from './manifest.ts';

/** What it is given: each newsletter with the id that stands in links. */
export interface Wanted {
  config: Config;
  keys: Keys;
  mails: readonly { id: string; input: NewsletterInput }[];
}

/** What came of them. */
export type Made = { samples: BackupSample[] } | { fault: string };

parentPort?.postMessage(await made(workerData as Wanted));

async function made({ config, keys, mails }: Wanted): Promise<Made> {
  try {
    const composer = await openComposer(config, withBuffers(keys));
    const samples = mails.map(({ id, input }) => {
      const { html, text } = composer.page(input, { personal: false });
      const sha256 = createHash('sha256').update(composer.newsletter(input).raw).digest('hex');
      return { id, edition: input.editionKey, sha256, html, text };
    });
    return { samples };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** What goes to a thread arrives as plain bytes. */
function withBuffers({ link, suppression }: Keys): Keys {
  return {
    link: link.map((key) => ({ ...key, secret: Buffer.from(key.secret) })),
    suppression: Buffer.from(suppression),
  };
}
