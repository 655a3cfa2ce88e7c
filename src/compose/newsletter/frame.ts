import { links } from '../../links/links.ts';
import { editionKind } from '../../model/edition.ts';
import type { NewsletterInput } from '../../model/newsletter.ts';
import { dateInWords } from '../text/dates.ts';
import { cutFragment, cutText, slotMark, withRuns } from '../wire/fragment.ts';
import { renderPair, type CardContext, type Frame } from './fragment-cache.ts';
import { notesOf } from './notes.ts';

/** Returns everything around the papers. */
export function frameOf(context: CardContext, input: NewsletterInput): Frame {
  const { cache, language, personal, t } = context;
  const notes = notesOf(cache.config, context, input);
  const key = `frame ${personal} ${language} ${input.editionKey} ${input.issuedOn} ${notes.join()}`;
  return cache.frames.get(key, () => {
    const [date, kind] = [dateInWords(input.issuedOn, language, 'full'), editionKind(input.editionKey)];
    const view = {
      language,
      name: cache.config.MAIL_FROM.name,
      homeUrl: links.home(cache.config.PUBLIC_URL),
      heading: kind === 'daily' ? date : t(`mail.heading.${kind}`),
      subheading: kind === 'daily' ? null : date,
      notes,
      personal,
      postal: cache.config.POSTAL_ADDRESS || null,
    };
    const [html, text] = Object.values(renderPair(context, 'main', view)).map((part) => part.split(slotMark('body')));
    const half = (at: number) => ({
      html: withRuns(cutFragment(html?.[at] ?? '')),
      text: withRuns(cutText(text?.[at] ?? '')),
    });
    return { top: half(0), bottom: half(1) };
  });
}
