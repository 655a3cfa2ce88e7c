import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { findPasskey, usePasskey, type StoredPasskey } from '../../db/operator/passkeys.ts';
import { bringBack, keepChallenge } from '../challenge.ts';
import { openSession, type OpenedFrom, type OpenedSession } from '../open-session.ts';
import { answerIn, siteOf } from './site.ts';

/** Asks a browser to sign with any passkey it has for this site: who signs in is not asked before. */
export async function askToUsePasskey(
  ctx: Context,
): Promise<{ options: PublicKeyCredentialRequestOptionsJSON; token: string; expiresAt: Date }> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({ rpID: siteOf(ctx).rpID, userVerification: 'required' });
  const asked = { purpose: 'passkey-use', adminId: null, data: { challenge: options.challenge } } as const;
  return { options, ...(await keepChallenge(ctx, asked)) };
}

export type PasskeySignIn = { outcome: 'signed-in'; session: OpenedSession } | { outcome: 'refused'; email?: string };

/**
 * Signs in whoever's passkey signed what their browser was asked, for this site, with a count of its device that goes
 * on; each answer is looked at once.
 */
export async function signInByPasskey(
  ctx: Context,
  given: { answer: string; token: string },
  from: OpenedFrom,
): Promise<PasskeySignIn> {
  const asked = await bringBack(ctx, 'passkey-use', given.token);
  const response = answerIn(given.answer) as AuthenticationResponseJSON | null;
  const passkey = typeof response?.id === 'string' ? await findPasskey(ctx.db, response.id) : null;
  if (!asked || !response || !passkey) return { outcome: 'refused' };
  const counter = await counterIn(ctx, { response, passkey, challenge: asked.data['challenge'] ?? '' });
  const { admin } = passkey;
  if (counter === null) return { outcome: 'refused', email: admin.email };
  const now = ctx.now();
  return transaction(ctx.db, async (tx): Promise<PasskeySignIn> => {
    const isOurs = await usePasskey(tx, { id: passkey.id, from: passkey.counter, to: counter, now });
    if (!isOurs) return { outcome: 'refused', email: admin.email };
    const session = await openSession(ctx, tx, { adminId: admin.id, email: admin.email }, from);
    return { outcome: 'signed-in', session };
  });
}

/** Returns how far the device has counted; null where the signature does not hold, or the count went back. */
async function counterIn(
  ctx: Context,
  given: { response: AuthenticationResponseJSON; passkey: StoredPasskey; challenge: string },
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { rpID, origin } = siteOf(ctx);
  const { credentialId: id, publicKey, counter } = given.passkey;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given.response,
      ...{ expectedChallenge: given.challenge, expectedOrigin: origin, expectedRPID: rpID },
      credential: { id, publicKey: Uint8Array.from(publicKey), counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch (error) {
    ctx.log.info({ err: error }, 'a passkey was refused');
    return null;
  }
}
