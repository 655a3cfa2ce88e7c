import { X509Certificate, type KeyObject } from 'node:crypto';
import type { SourceFetch } from '../../../context.ts';
import { deadline } from '../../../lib/deadline.ts';
import { readCapped } from '../../../lib/read-capped.ts';

const TIMEOUT_MS = 10_000;
/** A certificate has some 2 kB. */
const MOST_BYTES = 64 * 1024;
/** Certificates that are kept: Amazon changes its own about once a year. */
const MOST_KEPT = 16;

/** Asks an address of SNS; null where it does not answer as it should. */
export async function askSns(fetch: SourceFetch, url: URL): Promise<Buffer | null> {
  const limit = deadline(TIMEOUT_MS);
  try {
    const response = await fetch(url.href, { headers: {}, signal: limit.signal, redirect: 'manual', inside: false });
    if (response.ok) return await readCapped(response, MOST_BYTES);
    await response.body?.cancel();
    return null;
  } catch {
    return null;
  } finally {
    limit.done();
  }
}

/** Returns the key of a certificate at an address of SNS, fetched once; null where there is none that holds now. */
export type KeyAt = (url: URL, now: Date) => Promise<KeyObject | null>;

/** Opens the keys of certificates. */
export function openCertificates(fetch: SourceFetch): KeyAt {
  const kept = new Map<string, Promise<X509Certificate | null>>();
  return async (url, now) => {
    const { href } = url;
    const asked = kept.get(href) ?? fetchCertificate(fetch, url);
    kept.set(href, asked);
    const certificate = await asked;
    if (certificate === null) kept.delete(href); // the next asks again
    const [oldest = ''] = kept.keys();
    if (kept.size > MOST_KEPT) kept.delete(oldest);
    return certificate && holds(certificate, now) ? certificate.publicKey : null;
  };
}

async function fetchCertificate(fetch: SourceFetch, url: URL): Promise<X509Certificate | null> {
  const pem = await askSns(fetch, url);
  try {
    return pem && new X509Certificate(pem);
  } catch {
    return null;
  }
}

function holds({ validFrom, validTo }: X509Certificate, now: Date): boolean {
  return new Date(validFrom) <= now && now <= new Date(validTo);
}
