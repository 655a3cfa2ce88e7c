import { z } from 'zod';
import type { Annotations } from '../../model/digest.ts';
import { textOfMarkup } from './markup-text.ts';

const text = z.string().catch('');
const list = z.array(z.unknown()).catch([]);

/** What Hugging Face adds to a paper of its daily list; the pictures stand beside the paper, the rest in it. */
export const hfAdds = z.object({
  ai_keywords: list,
  ai_summary: text,
  projectPage: text,
});
export const hfPictures = z.object({ thumbnail: text, mediaUrls: list });

/** More than any paper has: at most 15 keywords, and a dozen pictures. */
const MOST = 30;
const LONGEST_KEYWORD = 100;
const LINK = /^https?:\/\/[^\s"<>]+$/;

/** Reads what Hugging Face adds to a paper, as its own word; null where it adds nothing. */
export function readAnnotations(
  said: z.output<typeof hfAdds>,
  { thumbnail, mediaUrls }: z.output<typeof hfPictures>,
): Annotations | null {
  const modelKeywords = distinct(textsOf(said.ai_keywords).map(textOfMarkup)).filter(
    (word) => word !== '' && word.length <= LONGEST_KEYWORD,
  );
  const annotations = {
    projectUrl: linkOf(said.projectPage),
    mediaUrls: distinct([thumbnail, ...textsOf(mediaUrls)].flatMap((url) => linkOf(url) ?? [])),
    modelKeywords,
    modelSummary: textOfMarkup(said.ai_summary) || null,
  };
  return Object.values(annotations).some((value) => value !== null && value.length > 0) ? annotations : null;
}

function linkOf(url: string): string | null {
  return LINK.exec(url.trim())?.[0] ?? null;
}

function textsOf(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].slice(0, MOST);
}
