import type { LinkKey } from '../../links/tokens.ts';
import { deliveryToken } from '../../links/verp.ts';
import { PROVIDERS, type Provider, type RelaySetting } from '../../model/relay.ts';

/**
 * The field in which each provider takes what it hands back with what it tells of a mail; it takes the field off.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html ·
 * https://www.twilio.com/docs/sendgrid/for-developers/sending-email/unique-arguments ·
 * https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-attach-data ·
 * https://postmarkapp.com/support/article/1125-custom-metadata-faq
 */
const FIELDS: Readonly<Record<Provider, (token: string) => string>> = {
  ses: (token) => `X-SES-MESSAGE-TAGS: offprint=${token}`,
  sendgrid: (token) => `X-SMTPAPI: {"unique_args":{"offprint":"${token}"}}`,
  mailgun: (token) => `X-Mailgun-Variables: {"offprint":"${token}"}`,
  postmark: (token) => `X-PM-Metadata-offprint: ${token}`,
};

/**
 * Opens the writer of what the providers among the mail servers hand back: which delivery a mail is, signed. It names
 * nobody, and is no part of what DKIM signs. Writes nothing where there are none.
 */
export function openProviderFields(
  relays: readonly Pick<RelaySetting, 'provider'>[],
): (key: LinkKey, deliveryPublicId: string) => string {
  const used = PROVIDERS.filter((each) => relays.some(({ provider }) => provider === each));
  if (used.length === 0) return () => '';
  return (key, deliveryPublicId) => {
    const token = deliveryToken(key, deliveryPublicId);
    return used.map((provider) => `${FIELDS[provider](token)}\r\n`).join('');
  };
}
