import type { LinkKey } from '../../links/tokens.ts';
import { links } from '../../links/links.ts';
import { translator } from '../../lib/strings.ts';
import { editionKind } from '../../model/edition.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import { slotValue, type SlotValue, type SlotValues } from '../wire/fragment.ts';
import { encodedSize, plainSize, type JoinedPart } from '../wire/join.ts';
import { frameOf } from './frame.ts';
import { cardContextOf, type Frame, type Headline, type FragmentCache } from './fragment-cache.ts';
import { bodyOf } from './newsletter-body.ts';
import type { Size } from './size-budget.ts';
import { groupPapers, leadFirst } from './paper-groups.ts';
import { headlineOf } from './subject.ts';

/** A newsletter laid out: its pieces, joined and encoded by whoever needs them. */
export interface LaidOut {
  subject: string;
  unsubscribeUrl: string;
  html: JoinedPart;
  text: JoinedPart;
}

/** Room kept for «n more on the web» and the end, which are known last. */
const REST_ROOM: Size = { octets: 1_600, encodedOctets: 1_900 };
const NOTHING = slotValue('');

/**
 * Lays a newsletter out: a lead, cards and lines, in the detail that fits, and the reader's own links, none without a
 * key (view in browser).
 */
export function layOutNewsletter(cache: FragmentCache, input: NewsletterInput, key: LinkKey | null): LaidOut {
  const t = translator(input.language);
  const kind = editionKind(input.editionKey);
  const hasSubjects = input.papers.some(({ match }) => match !== null);
  const setting = { weekly: kind === 'weekly', hasSubjects };
  const context = cardContextOf(cache, { language: input.language, personal: key !== null, setting }, t);
  const own = key ? ownLinks(cache.config.PUBLIC_URL, input, key) : null;
  const groups = groupPapers(context, input.papers);
  const ranked = leadFirst(groups, input.papers);
  const headline = headlineOf(cache, { ...input, papers: ranked }, t);
  const values = valuesOf(headline, own);
  const frame = frameOf(context, input);
  const around = sizeAround(frame, values.html);
  const body = bodyOf(context, input, { kind, groups, ranked, react: values.html.react, around });
  const part = (form: 'html' | 'text'): JoinedPart => ({
    form,
    top: frame.top[form],
    body,
    bottom: frame.bottom[form],
    values: values[form],
  });
  return { subject: headline.subject, unsubscribeUrl: own?.unsubscribe ?? '', html: part('html'), text: part('text') };
}

/** Sums up the HTML around the body. */
function sizeAround({ top, bottom }: Frame, values: SlotValues): Size {
  return {
    octets: plainSize(top.html, values) + plainSize(bottom.html, values) + REST_ROOM.octets,
    encodedOctets: encodedSize(top.html, values) + encodedSize(bottom.html, values) + REST_ROOM.encodedOctets,
  };
}

interface Values {
  html: SlotValues & { react: SlotValue };
  text: SlotValues & { react: SlotValue };
}

function valuesOf({ title, preheader }: Headline, own: ReturnType<typeof ownLinks> | null): Values {
  if (!own) return { html: { react: NOTHING, subject: title, preheader }, text: { react: NOTHING } };
  // Tokens and PUBLIC_URL hold nothing to escape: the same in both parts.
  const unsubscribe = slotValue(own.unsubscribe);
  const preferences = slotValue(own.preferences);
  const browser = slotValue(own.browser);
  const react = slotValue(own.react);
  return {
    html: { unsubscribe, preferences, browser, react, subject: title, preheader },
    text: { unsubscribe, preferences, browser, react },
  };
}

function ownLinks(base: string, input: NewsletterInput, key: LinkKey) {
  return {
    ...links.reader(base, key, input.subscriberPublicId, input.generation),
    browser: links.newsletter(base, key, input.newsletterPublicId, input.generation),
  };
}
