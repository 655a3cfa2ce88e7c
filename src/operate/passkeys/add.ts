import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { createPasskey, deletePasskey, listPasskeys } from '../../db/operator/passkeys.ts';
import { bringBack, keepChallenge } from '../challenge.ts';
import { answerIn, siteOf } from './site.ts';

/** Whose passkeys these are. */
export interface Holder {
  adminId: number;
  email: string;
}

/** Longest name of a passkey, in characters. */
const LONGEST_NAME = 60;

/** Asks a browser for a new passkey of an admin, one that needs no address to sign in with and knows its holder. */
export async function askForPasskey(
  ctx: Context,
  { adminId, email }: Holder,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; token: string; expiresAt: Date }> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const { rpID, rpName } = siteOf(ctx);
  const known = await listPasskeys(ctx.db, adminId);
  const options = await generateRegistrationOptions({
    ...{ rpID, rpName, userName: email, userDisplayName: email },
    userID: new TextEncoder().encode(`admin ${adminId}`),
    attestationType: 'none', // whose device it is is nobody's business
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const asked = { purpose: 'passkey-add', adminId, data: { challenge: options.challenge } } as const;
  return { options, ...(await keepChallenge(ctx, asked)) };
}

/** Keeps the passkey that a browser made for an admin, where it answers what it was asked. */
export async function addPasskey(
  ctx: Context,
  { adminId, email }: Holder,
  given: { answer: string; token: string; name: string },
): Promise<{ outcome: 'added' | 'refused' }> {
  const asked = await bringBack(ctx, 'passkey-add', given.token);
  const response = answerIn(given.answer) as RegistrationResponseJSON | null;
  if (!asked || asked.adminId !== adminId || !response) return { outcome: 'refused' };
  const credential = await credentialIn(ctx, response, asked.data['challenge'] ?? '');
  if (!credential) return { outcome: 'refused' };
  const name = [...given.name].slice(0, LONGEST_NAME).join('') || 'Passkey';
  const { id: credentialId, publicKey, counter, transports = [] } = credential;
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const row = { credentialId, publicKey, counter, transports, adminId, name, createdAt: now };
    if (!(await createPasskey(tx, row))) return { outcome: 'refused' };
    await recordAct(tx, { at: now, actor: `admin:${email}`, action: 'admin.add-passkey', detail: { name } });
    return { outcome: 'added' };
  });
}

/** Forgets a passkey of an admin: it signs nobody in any more. */
export async function removePasskey(
  ctx: Context,
  { adminId, email }: Holder,
  id: number,
): Promise<{ outcome: 'removed' | 'unknown' }> {
  return transaction(ctx.db, async (tx) => {
    const name = await deletePasskey(tx, adminId, id);
    if (name === null) return { outcome: 'unknown' };
    const act = { at: ctx.now(), actor: `admin:${email}`, action: 'admin.remove-passkey' } as const;
    await recordAct(tx, { ...act, detail: { name } });
    return { outcome: 'removed' };
  });
}

/** Checks what a browser made; null where it is not for this site, not what was asked, or malformed. */
async function credentialIn(ctx: Context, response: RegistrationResponseJSON, expectedChallenge: string) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { rpID, origin } = siteOf(ctx);
  const expected = { expectedChallenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true };
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({ response, ...expected });
    return verified ? registrationInfo.credential : null;
  } catch (error) {
    ctx.log.info({ err: error }, 'a passkey was refused');
    return null;
  }
}
