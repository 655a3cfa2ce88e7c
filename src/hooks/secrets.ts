import { createHmac } from 'node:crypto';
import type { Keys } from '../context.ts';
import type { HookEndpoint } from '../db/hooks/endpoints.ts';
import { BOTH_SIGN_HOURS } from '../model/hook.ts';

/**
 * Returns the secret of an endpoint's generation as Standard Webhooks writes it. It is made of the service's own key,
 * which never rotates and lies wrapped, so that no dump holds it: there is nothing to store.
 */
export function secretOf(keys: Keys, publicId: string, generation: number): string {
  const bytes = createHmac('sha256', keys.suppression).update(`webhook.${publicId}.${generation}`).digest('base64');
  return `whsec_${bytes}`;
}

/** Lists the secrets that sign now, the newest first: for a day after a rotation the one before does too. */
export function signingSecrets(keys: Keys, endpoint: HookEndpoint, now: Date): string[] {
  const { publicId, generation, rotatedAt } = endpoint;
  const both = rotatedAt !== null && now.getTime() - rotatedAt.getTime() < BOTH_SIGN_HOURS * 3_600_000;
  return (both ? [generation, generation - 1] : [generation]).map((one) => secretOf(keys, publicId, one));
}
