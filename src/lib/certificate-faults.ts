const NOBODY: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed: nobody vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority of its own (self-signed) that this machine does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes from an authority that this machine does not know, or is sent without its chain',
  UNABLE_TO_GET_ISSUER_CERT: 'comes from an authority that this machine does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that this machine does not know',
};

/** Says who does not vouch for a certificate, by the code of its refusal (Node's TLS); null where that is no such. */
export function certificateFault(code: string, message: string): string | null {
  return NOBODY[code] ?? (code.startsWith('CERT_') ? `is refused: ${message}` : null);
}

/** Says that a certificate is too old or too new, and what to do; null where the code tells of something else. */
export function certificateTime(code: string): string | null {
  if (code === 'CERT_HAS_EXPIRED') return 'has expired: renew it there; if it has not, set the clock of this machine';
  if (code === 'CERT_NOT_YET_VALID') return 'is not valid yet: set the clock of this machine, or of the server';
  return null;
}
