import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks for the TXT records of a name, each as its strings; throws ENOTFOUND or ENODATA where there are none. */
export type AskTxt = (name: string) => Promise<string[][]>;

/** Who asks name servers, and for how long a letter may have them asked, in milliseconds. */
export interface Asking {
  ask?: AskTxt;
  longestMs?: number;
}

/** What is told of a signature beside what its types say. */
interface Signature {
  algo?: string;
  signatureTimeValid?: boolean;
  canonBodyLengthLimited?: boolean;
  signingHeaders?: { keys: string };
  status: { result: string; aligned?: string | false };
}

/** Shorter keys are broken by anybody (RFC 8301 3.2). */
const LEAST_BITS = 1024;
/** Clocks differ by so much: who signs may be ahead of us. */
const SKEW_MS = 5 * 60_000;
/** How long a name server is waited for. */
const DNS_MS = 2_000;
/** A letter may bear hundreds of signatures, each with a name server that never answers. */
const LONGEST_MS = 10_000;

/**
 * Tells which header fields of a mail, in small letters, are signed by the domain of its one author: by DKIM (RFC
 * 6376), in force now, over the whole body, not with SHA-1 (RFC 8301 3.1), by a domain aligned with that of From as
 * DMARC takes it by default (RFC 7489 3.1.1). None where that does not hold, or no name server answers: anybody may
 * have written it.
 */
export async function signedFrom(
  raw: Uint8Array,
  now: Date,
  { ask = askTxt, longestMs = LONGEST_MS }: Asking = {},
): Promise<ReadonlySet<string>> {
  const nothing: ReadonlySet<string> = new Set();
  // What cannot be read proves nothing; the letter is taken in all the same.
  const checking = check(raw, now, ask).catch(() => nothing);
  return Promise.race([checking, sleep(longestMs, nothing, { ref: false })]);
}

async function check(raw: Uint8Array, now: Date, ask: AskTxt): Promise<ReadonlySet<string>> {
  const { dkimVerify } = await import('mailauth/lib/dkim/verify.js'); // brings the public suffixes along
  const how = { resolver: ask, minBitLength: LEAST_BITS, curTime: new Date(now.getTime() + SKEW_MS) };
  const { headerFrom, results } = await dkimVerify(Buffer.from(raw), how);
  if (headerFrom.length !== 1) return new Set();
  const good = (results as readonly Signature[]).find(
    ({ status, algo, signatureTimeValid, canonBodyLengthLimited }) =>
      status.result === 'pass' &&
      Boolean(status.aligned) &&
      !algo?.endsWith('sha1') &&
      signatureTimeValid === true &&
      canonBodyLengthLimited === false,
  );
  const fields = good?.signingHeaders?.keys.split(':') ?? [];
  return new Set(fields.map((name) => name.trim().toLowerCase()));
}

async function askTxt(name: string): Promise<string[][]> {
  return new Resolver({ timeout: DNS_MS, tries: 2 }).resolveTxt(name);
}
