import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { findAdmin } from '../../db/operator/admins.ts';
import { messageOf } from '../../lib/errors.ts';
import { canonicalAddress } from '../../model/address.ts';
import { bringBack, keepChallenge } from '../challenge.ts';
import { openSession, type OpenedFrom, type OpenedSession } from '../open-session.ts';
import { clientOf } from './client.ts';

/** Where the provider leads back to, below PUBLIC_URL. */
export const BACK = '/admin/sign-in/provider/back';

/**
 * Prepares a way to the provider: its address with PKCE, state and nonce, of which the secret halves wait here, for the
 * browser that brings the token. Null where the provider does not answer.
 */
export async function wayToProvider(ctx: Context): Promise<{ url: string; token: string; expiresAt: Date } | null> {
  const client = await import('openid-client');
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  try {
    const url = client.buildAuthorizationUrl(await clientOf(ctx), {
      redirect_uri: `${ctx.config.PUBLIC_URL}${BACK}`,
      scope: 'openid email',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    });
    const asked = { purpose: 'provider', adminId: null, data: { verifier, state, nonce } } as const;
    return { url: url.href, ...(await keepChallenge(ctx, asked)) };
  } catch (error) {
    ctx.log.warn({ err: error }, 'the identity provider of OIDC_ISSUER cannot be asked');
    return null;
  }
}

export type ProviderSignIn =
  | { outcome: 'signed-in'; session: OpenedSession }
  /** `refused`: not as we asked · `unverified`: no address, or not theirs for sure · `stranger`: no admin. */
  | { outcome: 'refused' | 'unverified' | 'stranger'; email?: string };

/** Signs in whom the provider names, by a verified address that is an admin's here. `search` is what it sent along. */
export async function signInByProvider(
  ctx: Context,
  { search, token }: { search: string; token: string },
  from: OpenedFrom,
): Promise<ProviderSignIn> {
  const asked = await bringBack(ctx, 'provider', token);
  if (!asked) return { outcome: 'refused' };
  const claims = await claimsIn(ctx, search, asked.data);
  if (!claims) return { outcome: 'refused' };
  const address = canonicalAddress(claims.email);
  if (!claims.verified || !address.ok) return { outcome: 'unverified' };
  const email = address.address;
  return transaction(ctx.db, async (tx): Promise<ProviderSignIn> => {
    const admin = await findAdmin(tx, email);
    if (!admin) return { outcome: 'stranger', email };
    return { outcome: 'signed-in', session: await openSession(ctx, tx, { adminId: admin.id, email }, from) };
  });
}

/** Changes the code for what the provider says of its user; null where any check fails. */
async function claimsIn(
  ctx: Context,
  search: string,
  asked: Record<string, string>,
): Promise<{ email: string; verified: boolean } | null> {
  const client = await import('openid-client');
  const { verifier = '', state = '', nonce = '' } = asked;
  try {
    const configuration = await clientOf(ctx);
    const url = new URL(`${ctx.config.PUBLIC_URL}${BACK}${search}`);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(configuration, url, checks);
    const own = tokens.claims();
    if (!own) return null;
    const said =
      own['email'] === undefined ? await client.fetchUserInfo(configuration, tokens.access_token, own.sub) : own;
    const { email } = said;
    return { email: typeof email === 'string' ? email : '', verified: said['email_verified'] === true };
  } catch (error) {
    // Its answer holds tokens.
    ctx.log.info({ reason: messageOf(error) }, 'a sign-in by the identity provider was refused');
    return null;
  }
}
