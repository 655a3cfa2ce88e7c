import { z } from 'zod';
import { canonicalAddress, type AddressProblem } from '../model/address.ts';
import { isDisposable } from './disposable-domains.ts';
import type { Checked } from './checked.ts';

/** What is done with addresses that live for minutes. */
export type DisposableDomains = 'allow' | 'refuse';

const ADDRESS_EXPECTED: Record<AddressProblem, string> = {
  empty: 'expected an address such as ada@example.org',
  'too-long': 'expected at most 64 characters before the @ and 254 in all (RFC 5321)',
  'not-one-address': 'expected one address such as ada@example.org, without spaces, commas, quotes or brackets',
  'control-characters': 'expected an address without line breaks or control characters',
  'non-ascii-local-part': 'expected only plain ASCII characters before the @',
  'bad-local-part': 'expected letters, digits and . _ + - before the @',
  'bad-domain': 'expected a domain with a dot after the @, such as example.org',
};

const LASTING_EXPECTED = 'expected an address that lasts: this service takes none at a domain for disposable addresses';

const emailSchema = z.object({ email: z.string({ error: ADDRESS_EXPECTED.empty }) });

/** Checks an address and returns it in canonical form. */
export function checkEmail(input: unknown, disposableDomains: DisposableDomains = 'allow'): Checked<string> {
  const parsed = emailSchema.safeParse({ email: input });
  if (!parsed.success) return { ok: false, problems: [{ field: 'email', expected: ADDRESS_EXPECTED.empty }] };
  const result = canonicalAddress(parsed.data.email);
  if (!result.ok) return { ok: false, problems: [{ field: 'email', expected: ADDRESS_EXPECTED[result.problem] }] };
  if (disposableDomains === 'refuse' && isDisposable(result.address)) {
    return { ok: false, problems: [{ field: 'email', expected: LASTING_EXPECTED }] };
  }
  return { ok: true, value: result.address };
}
