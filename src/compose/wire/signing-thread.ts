/**
 * The thread that signs mails, started by signer.ts: takes the octets of some, answers with what goes in front of each.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../lib/errors.ts';
import { signatureFields, type DkimKey } from './dkim.ts';

/** What is said of one mail. */
export type Signed = { fields: string } | { problem: string };

const keys = workerData as DkimKey[];

parentPort?.on('message', (mails: Uint8Array[]) => {
  parentPort?.postMessage(mails.map(signed));
});

function signed({ buffer, byteOffset, length }: Uint8Array): Signed {
  try {
    return { fields: signatureFields(Buffer.from(buffer, byteOffset, length), keys) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
