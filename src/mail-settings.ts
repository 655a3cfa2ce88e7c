import { z } from 'zod';
import { canonicalDomain } from './model/address.ts';
import { ehloName } from './model/ehlo.ts';

/** Fields that some mail servers write anew, so that a signature over them breaks; all others must be signed. */
const MAY_BE_UNSIGNED = ['date', 'message-id'];

/** Reads EHLO_NAME: a full name, or an address, which gets the brackets it needs. */
export function readEhloName(text: string, context: z.RefinementCtx): string {
  const name = ehloName(text);
  if (name !== null) return name;
  const message =
    'expected a full name of letters, digits, hyphens and dots, mail.example.org, or an address, [192.0.2.1]';
  context.addIssue({ code: 'custom', message: `${message} (RFC 5321 4.1.1.1)` });
  return z.NEVER;
}

/** Reads the name of a domain, in small letters and in ASCII; nothing is none. */
export function readDomain(text: string, context: z.RefinementCtx): string | undefined {
  if (text.trim() === '') return undefined;
  const domain = canonicalDomain(text.trim());
  if (domain !== null) return domain;
  context.addIssue({ code: 'custom', message: 'expected a domain such as bounces.example.org' });
  return z.NEVER;
}

/** A part of a selector; RFC 6376 3.1 has no underscore in it, zones do. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** Reads the selector of a DKIM key; nothing is none. */
export function readSelector(text: string, context: z.RefinementCtx): string | undefined {
  const selector = text.trim();
  if (selector === '') return undefined;
  if (selector.split('.').every((label) => LABEL.test(label))) return selector;
  context.addIssue({ code: 'custom', message: 'expected a selector such as s1: letters, digits, hyphens and dots' });
  return z.NEVER;
}

/** Reads DKIM_LEAVE_OUT: names of fields, in small letters. */
export function readLeftOut(text: string, context: z.RefinementCtx): readonly string[] {
  const names = text
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.every((name) => MAY_BE_UNSIGNED.includes(name))) return names;
  context.addIssue({
    code: 'custom',
    message: `expected ${MAY_BE_UNSIGNED.join(',')} or one of them: the others must be signed`,
  });
  return z.NEVER;
}
