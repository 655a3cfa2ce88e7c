import type { Configuration } from 'openid-client';
import type { Context } from '../../context.ts';

/** How long the provider may take to answer, in seconds. */
const PATIENCE_SECONDS = 10;

/** Found out once per process; where that failed, the next who asks tries again. */
const known = new WeakMap<Context, Promise<Configuration>>();

/** Finds out where the provider of the settings wants to be asked (OpenID Connect Discovery 1.0, 4). */
export async function clientOf(ctx: Context): Promise<Configuration> {
  const found = known.get(ctx) ?? discover(ctx);
  known.set(ctx, found);
  try {
    return await found;
  } catch (error) {
    known.delete(ctx);
    throw error;
  }
}

async function discover({ config }: Context): Promise<Configuration> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = config;
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID) throw new Error('no provider is set');
  // oxlint-disable-next-line typescript/no-deprecated -- only so that it stands out, as it does here
  const { allowInsecureRequests, discovery } = await import('openid-client');
  const issuer = new URL(OIDC_ISSUER);
  // Only where the operator says so themselves: on this machine, or in a network of theirs.
  const options = {
    timeout: PATIENCE_SECONDS,
    ...(issuer.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
  };
  return discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, options);
}
