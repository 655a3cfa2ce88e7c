import type { Config } from '../config.ts';
import type { Keys } from '../context.ts';
import type { LinkKey } from '../links/tokens.ts';
import { createBufferPool } from '../lib/buffers.ts';
import { verpAddress } from '../links/verp.ts';
import type { Composer, NewsletterInput, NoticeInput } from '../model/newsletter.ts';
import type { Mail } from '../model/mail.ts';
import { MAIL_KINDS } from '../model/mail-kind.ts';
import { translator } from '../lib/strings.ts';
import { loadDkimKeys, roomFor, type DkimKey } from './wire/dkim.ts';
import { boundaryOf, openHeaders, type HeaderWriter } from './wire/headers.ts';
import { layOutNewsletter } from './newsletter/newsletter-layout.ts';
import { openFragmentCache, type FragmentCache } from './newsletter/fragment-cache.ts';
import { joinedEncoded, joinedPlain, readyPart, type EncodedPart } from './wire/join.ts';
import { wholeMail, type WholeMail } from './wire/mime.ts';
import { openProviderFields } from './wire/provider-fields.ts';
import { noticeView } from './newsletter/notice-view.ts';
import { cutText } from './wire/fragment.ts';
import { encodePiece } from './wire/quoted-printable.ts';
import { loadTemplates, type Templates } from './render.ts';
import { openSigner } from './wire/signer.ts';

/**
 * Opens the one composer for sending, preview, view in browser and resend: compiles the templates and reads the DKIM
 * keys, once. The same input gives the same bytes, before signing and after.
 */
export async function openComposer(config: Config, keys: Keys): Promise<Composer> {
  const [newsletter, notice] = await Promise.all([loadTemplates('newsletter'), loadTemplates('notice')]);
  const dkim = loadDkimKeys(config);
  const cache = openFragmentCache(config, newsletter);
  const write = { headers: openHeaders(config), providerFields: openProviderFields(config.SMTP_URL ?? []) };
  const tools: Tools = { config, keys, cache, notice, ...write, pack: openPacking(dkim) };
  return {
    newsletter: (input) => composeNewsletter(tools, input),
    notice: (input) => composeNotice(tools, input),
    page: (input, { personal }) => {
      const laidOut = layOutNewsletter(cache, input, personal ? keyNamed(keys, input.keyId) : null);
      return { subject: laidOut.subject, html: joinedPlain(laidOut.html), text: joinedPlain(laidOut.text) };
    },
    sign: openSigner(dkim),
  };
}

/** What mails are composed with. */
interface Tools {
  config: Config;
  keys: Keys;
  cache: FragmentCache;
  /** The templates of notices. */
  notice: Templates;
  headers: HeaderWriter;
  /** What providers hand back, in front of all that is signed. */
  providerFields: (key: LinkKey, digits: string) => string;
  pack: (mail: WholeMail) => Pick<Mail, 'raw' | 'dotless' | 'room' | 'free'>;
}

/** Opens the writing of mails into memory used before, with room in front for the signatures of these keys. */
function openPacking(dkim: readonly DkimKey[]): Tools['pack'] {
  const buffers = createBufferPool({ shared: dkim.length > 0 });
  const room = roomFor(dkim);
  return (mail) => {
    const { buffer, release } = buffers.lend(room + mail.octets);
    mail.write(buffer, room);
    return { raw: buffer.subarray(room, room + mail.octets), dotless: true, room, free: release };
  };
}

function composeNewsletter(tools: Tools, input: NewsletterInput): Mail {
  const key = keyNamed(tools.keys, input.keyId);
  const laidOut = layOutNewsletter(tools.cache, input, key);
  const digits = digitsOf(input.deliveryPublicId);
  const { email, at, editionKey: campaign } = input;
  const fields = { digits, email, subject: laidOut.subject, at, campaign };
  const headers = tools.headers.newsletter(fields, laidOut.unsubscribeUrl);
  const parts = { text: joinedEncoded(laidOut.text), html: joinedEncoded(laidOut.html) };
  return mailOf(tools, { digits, email, key, headers, ...parts });
}

function composeNotice(tools: Tools, input: NoticeInput): Mail {
  if (input.newsletter) return composeShown(tools, input, input.newsletter);
  const t = translator(input.language);
  const key = keyNamed(tools.keys, input.keyId);
  const view = noticeView(tools.config, input, key, t);
  const digits = digitsOf(input.deliveryPublicId);
  const { email, at, kind: campaign } = input;
  const headers = tools.headers.notice({ digits, email, subject: view.subject, at, campaign });
  const { html, text } = tools.notice;
  return mailOf(tools, {
    ...{ digits, email, key, headers },
    text: readyPart(cutText(text.main?.(view, t) ?? '').encoded),
    html: readyPart(encodePiece(html.main?.(view, t) ?? '')),
  });
}

/** Composes a notice that shows a newsletter: as it is, but for what only its reader may follow. */
function composeShown(tools: Tools, { kind, email, at, ...input }: NoticeInput, newsletter: NewsletterInput): Mail {
  const key = keyNamed(tools.keys, input.keyId);
  const laidOut = layOutNewsletter(tools.cache, newsletter, null);
  const digits = digitsOf(input.deliveryPublicId);
  const subject = translator(input.language)(`${MAIL_KINDS[kind].words.says}.subject`, { subject: laidOut.subject });
  const headers = tools.headers.notice({ digits, email, subject, at, campaign: kind });
  const parts = { text: joinedEncoded(laidOut.text), html: joinedEncoded(laidOut.html) };
  return mailOf(tools, { digits, email, key, headers, ...parts });
}

/** The pieces of a mail. */
interface Pieces {
  digits: string;
  email: string;
  key: LinkKey;
  headers: string;
  text: EncodedPart;
  html: EncodedPart;
}

function mailOf(tools: Tools, { digits, email, key, headers: own, text, html }: Pieces): Mail {
  const { config, headers: writer, providerFields, pack } = tools;
  const headers = providerFields(key, digits) + own;
  return {
    envelope: { from: envelopeFrom(config, key, digits), to: email },
    messageId: writer.messageId(digits),
    ...pack(wholeMail(headers, boundaryOf(digits), text, html)),
  };
}

/**
 * Envelope sender: an address of its own for each delivery at BOUNCE_DOMAIN, so that a bounce finds it; else the From
 * address.
 */
function envelopeFrom(config: Config, key: LinkKey, digits: string): string {
  return config.BOUNCE_DOMAIN ? verpAddress(key, digits, config.BOUNCE_DOMAIN) : config.MAIL_FROM.address;
}

/** Returns a public id without its dashes. */
function digitsOf(publicId: string): string {
  return publicId.replaceAll('-', '');
}

/** Finds the key a mail was planned with; where that was retired since, the newest signs in its place. */
function keyNamed(keys: Keys, id: number): LinkKey {
  const key = keys.link.find((each) => each.id === id) ?? keys.link[0];
  if (!key) throw new Error('No key to sign links with');
  return key;
}
