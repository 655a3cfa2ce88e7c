import { certificateFault, certificateTime } from '../../lib/certificate-faults.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ImapMailbox } from '../../model/imap-mailbox.ts';

/**
 * Says what is wrong with the certificate of a mailbox's server, and what to do; null where something else is wrong.
 * Nobody is asked for a password before that.
 */
export function imapCertificateFault(
  error: unknown,
  { host, port }: Pick<ImapMailbox, 'host' | 'port'>,
): string | null {
  const code = codeOf(error);
  const its = `the certificate of ${host}:${port}`;
  const ofTime = certificateTime(code);
  if (ofTime) return `${its} ${ofTime}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `${its} is for another name (${messageOf(error)}): write that name as the host in BOUNCE_IMAP_URL`;
  const fault = certificateFault(code, messageOf(error));
  return (
    fault &&
    `${its} ${fault}. Give the server one that is vouched for, or name its authority's file in NODE_EXTRA_CA_CERTS`
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
