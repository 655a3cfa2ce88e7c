import type { Config } from '../config.ts';
import type { Keys } from '../context.ts';
import type { LinkKey } from '../links/tokens.ts';
import { createBufferPool } from '../lib/buffers.ts';
import { verpAddress } from '../links/verp.ts';
import type { Composer } from '../model/newsletter.ts';
import type { Mail } from '../model/mail.ts';
import { translator } from '../lib/strings.ts';
import { loadDkimKeys, roomFor } from './wire/dkim.ts';
import { boundaryOf, openHeaders } from './wire/headers.ts';
import { layOutNewsletter } from './newsletter/newsletter-layout.ts';
import { openFragmentCache } from './newsletter/fragment-cache.ts';
import { joinedEncoded, joinedPlain, readyPart, type EncodedPart } from './wire/join.ts';
import { wholeMail, type WholeMail } from './wire/mime.ts';
import { noticeView } from './newsletter/notice-view.ts';
import { cutText } from './wire/fragment.ts';
import { encodePiece } from './wire/quoted-printable.ts';
import { loadTemplates } from './render.ts';
import { openSigner } from './wire/signer.ts';

/**
 * Opens the one composer for sending, preview, view in browser and resend: compiles the templates and reads the DKIM
 * keys, once. The same input gives the same bytes, before signing and after.
 */
export async function openComposer(config: Config, keys: Keys): Promise<Composer> {
  const [newsletter, notice] = await Promise.all([loadTemplates('newsletter'), loadTemplates('notice')]);
  const dkim = loadDkimKeys(config);
  const cache = openFragmentCache(config, newsletter);
  const write = openHeaders(config);

  const buffers = createBufferPool({ shared: dkim.length > 0 });
  const room = roomFor(dkim);

  const written = (mail: WholeMail) => {
    const { buffer, release } = buffers.lend(room + mail.octets);
    mail.write(buffer, room);
    return { raw: buffer.subarray(room, room + mail.octets), dotless: true, room, free: release };
  };
  const mailOf = (
    digits: string,
    email: string,
    keyId: number,
    headers: string,
    parts: { text: EncodedPart; html: EncodedPart },
  ): Mail => ({
    envelope: { from: envelopeFrom(config, keyNamed(keys, keyId), digits), to: email },
    messageId: write.messageId(digits),
    ...written(wholeMail(headers, boundaryOf(digits), parts.text, parts.html)),
  });

  return {
    newsletter(input) {
      const laidOut = layOutNewsletter(cache, input, keyNamed(keys, input.keyId));
      const digits = digitsOf(input.deliveryPublicId);
      const headers = write.newsletter(
        {
          digits,
          email: input.email,
          subject: laidOut.subject,
          at: input.at,
          campaign: input.editionKey,
        },
        laidOut.unsubscribeUrl,
      );
      return mailOf(digits, input.email, input.keyId, headers, {
        text: joinedEncoded(laidOut.text),
        html: joinedEncoded(laidOut.html),
      });
    },
    notice(input) {
      const t = translator(input.language);
      const digits = digitsOf(input.deliveryPublicId);
      const view = noticeView(config, input, keyNamed(keys, input.keyId), t);
      const headers = write.notice({
        digits,
        email: input.email,
        subject: view.subject,
        at: input.at,
        campaign: input.kind,
      });
      return mailOf(digits, input.email, input.keyId, headers, {
        text: readyPart(cutText(notice.text.main?.(view, t) ?? '').encoded),
        html: readyPart(encodePiece(notice.html.main?.(view, t) ?? '')),
      });
    },
    page(input, { personal }) {
      const laidOut = layOutNewsletter(cache, input, personal ? keyNamed(keys, input.keyId) : null);
      return {
        subject: laidOut.subject,
        html: joinedPlain(laidOut.html),
        text: joinedPlain(laidOut.text),
      };
    },
    sign: openSigner(dkim),
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
