import { Tokenizer, type Token } from 'parse5';
import { AppError } from '../../lib/errors.ts';
import { hfJson } from './hf-json.ts';
import type { DayHints } from './list-day.ts';
import { squeeze } from './plain-text.ts';
import { OTHER_KINDS, type SourceKind } from './source-kind.ts';

/** A papers page saved as HTML: the list in it has the form of hf-json. */
export const pageHtml: SourceKind = {
  kind: 'page-html',
  recognises: (start) => /^<(!doctype html|html|head|body|div|section|main|!--)(?![\w-])/i.test(start),
  read: (text, hints) => hfJson.read(listInHtml(text, hints), hints),
};

/**
 * Takes the list out of the HTML of a papers page: JSON in an element's `data-props`, its papers in the API's shape.
 * Returns it as JSON text. Throws AppError bad-input where the page has no such element, with the page's title.
 */
export function listInHtml(html: string, { name }: DayHints): string {
  const found = search(html);
  if (found.papers) return JSON.stringify(found.papers);
  const titled = found.title === '' ? '' : ` titled «${squeeze(found.title).slice(0, 100)}»`;
  throw new AppError(
    'bad-input',
    `${name}: a web page${titled} without a list of papers (no data-target="DailyPapers"); expected a papers page, its text, ${OTHER_KINDS}`,
    { said: { name: 'capture.webPage', values: { file: name, title: squeeze(found.title).slice(0, 100) || 'none' } } },
  );
}

/** Looks through the elements of a page, in order and once, for the first with a list of papers. */
function search(html: string): { papers: unknown[] | null; title: string } {
  const found: { papers: unknown[] | null; title: string } = { papers: null, title: '' };
  let inTitle = false;
  const ignore = () => undefined;
  const text = ({ chars }: Token.CharacterToken) => {
    if (inTitle && found.title.length < 200) found.title += chars;
  };
  const tokens = new Tokenizer(
    { sourceCodeLocationInfo: false },
    {
      onStartTag: ({ tagName, attrs }) => {
        inTitle = tagName === 'title';
        found.papers ??= papersIn(attrs.find(({ name }) => name === 'data-props')?.value);
      },
      onEndTag: () => (inTitle = false),
      onCharacter: text,
      onWhitespaceCharacter: text,
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
      onNullCharacter: ignore,
    },
  );
  tokens.write(html, true);
  return found;
}

function papersIn(json: string | undefined): unknown[] | null {
  if (json?.includes('dailyPapers') !== true) return null;
  try {
    const props: unknown = JSON.parse(json);
    const papers = typeof props === 'object' && props !== null && 'dailyPapers' in props ? props.dailyPapers : null;
    return Array.isArray(papers) ? papers : null;
  } catch {
    return null;
  }
}
