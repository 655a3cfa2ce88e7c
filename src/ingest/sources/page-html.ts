import { AppError } from '../../lib/errors.ts';
import { hfJson } from './hf-json.ts';
import type { DayHints } from './list-day.ts';
import { OTHER_KINDS, type SourceKind } from './source-kind.ts';

/** A papers page saved as HTML: the list in it has the form of hf-json. */
export const pageHtml: SourceKind = {
  kind: 'page-html',
  recognises: (start) => /^<(!doctype html|html|head|body|div)\b/i.test(start),
  read: (text, hints) => hfJson.read(listInHtml(text, hints), hints),
};

/**
 * Takes the list out of the HTML of a papers page: JSON in `data-props` of the element `data-target="DailyPapers"`, its
 * papers in the API's shape. Returns it as JSON text. Throws AppError bad-input where the page has no such element.
 */
export function listInHtml(html: string, { name }: DayHints): string {
  const element = /\bdata-target="DailyPapers"(?<=<div\b[^>]{0,500})[^>]{0,500}?\bdata-props="([^"]*)"/.exec(html)?.[1];
  const papers = element === undefined ? undefined : dailyPapersOf(unescapeHtml(element));
  if (!Array.isArray(papers)) {
    throw new AppError(
      'bad-input',
      `${name}: a web page without a list of papers (no data-target="DailyPapers"); expected a papers page, its text, ${OTHER_KINDS}`,
    );
  }
  return JSON.stringify(papers);
}

function dailyPapersOf(json: string): unknown {
  try {
    const props: unknown = JSON.parse(json);
    return typeof props === 'object' && props !== null && 'dailyPapers' in props ? props.dailyPapers : undefined;
  } catch {
    return undefined;
  }
}

function unescapeHtml(text: string): string {
  const marks: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(
    /&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, decimal?: string, hex?: string) => {
      if (name) return marks[name.toLowerCase()] ?? whole;
      const point = decimal ? Number(decimal) : parseInt(hex ?? '', 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
