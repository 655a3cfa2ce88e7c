import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { parseImapUrl } from './model/imap-mailbox.ts';

const optionalText = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional();

/** The settings of the doors that feedback comes in by. */
export const feedbackSettings = {
  BOUNCE_IMAP_URL: z
    .string()
    .refine(
      (text) => parseImapUrl(text) !== null,
      'expected imaps://user:password@host/Folder, with %40 for @ and %2F for / in its parts',
    )
    .optional(),
  BOUNCE_SMTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  BOUNCE_SMTP_HOST: z.string().trim().min(1).default('127.0.0.1'),
  BOUNCE_SMTP_LMTP: z.stringbool({ error: 'expected yes or no' }).default(false),
  BOUNCE_SMTP_CERT_FILE: optionalText,
  BOUNCE_SMTP_KEY_FILE: optionalText,
  WEBHOOK_SES_TOPIC_ARN: z
    .string()
    .regex(
      /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/,
      'expected the ARN of a topic: arn:aws:sns:eu-west-1:123456789012:feedback',
    )
    .optional(),
  WEBHOOK_SENDGRID_PUBLIC_KEY: z.string().refine(isEcdsaKey, 'expected the public key as SendGrid shows it').optional(),
  WEBHOOK_MAILGUN_KEY: optionalText,
  WEBHOOK_POSTMARK_LOGIN: z
    .string()
    .regex(/^[^:]+:.{12,}$/, 'expected user:password with at least 12 characters behind the colon')
    .optional(),
  WEBHOOK_SECRET: z
    .string()
    .refine(isSigningSecret, 'expected 24 to 64 bytes as base64, with or without whsec_ in front (Standard Webhooks)')
    .optional(),
};

type DoorSettings = z.output<z.ZodObject<typeof feedbackSettings>> & { BOUNCE_DOMAIN?: string | undefined };

/** Says which settings of a door mean nothing without others; null where all is there. */
export function halfOfADoor(settings: DoorSettings): string | null {
  if ((settings.BOUNCE_SMTP_CERT_FILE === undefined) !== (settings.BOUNCE_SMTP_KEY_FILE === undefined))
    return 'STARTTLS for bounces needs both BOUNCE_SMTP_CERT_FILE and BOUNCE_SMTP_KEY_FILE, or none.';
  if (settings.BOUNCE_SMTP_PORT !== undefined && settings.BOUNCE_DOMAIN === undefined)
    return 'BOUNCE_SMTP_PORT needs BOUNCE_DOMAIN, the domain whose addresses are taken there.';
  return null;
}

function isEcdsaKey(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}

function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, '');
  const octets = Buffer.from(base64, 'base64').length;
  return /^[A-Za-z0-9+/]+=*$/.test(base64) && octets >= 24 && octets <= 64;
}
