import type { NewsletterInput } from '../../src/model/newsletter.ts';
import { sampleInput } from './newsletters.ts';
import { samplePaper } from './papers.ts';

/** Text that tries to be something else. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor}} {{{raw}}} {{#each papers}} ${7*7} <%= 7*7 %>',
  'Subject\r\nBcc: everyone@example.org\r\n\r\nbody',
  'turned \u202egnp.exe\u202c around \u2066isolated\u2069',
  'zero\u200bwidth\u2060\ufeff and \u0000 control \u0007',
  'a slot mark \u0001unsubscribe\u0002 and \u0003raised\u0006',
  '.\n.\r\n..dots',
  'From the start',
  '=?UTF-8?B?PHNjcmlwdD4=?=',
  'a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 zalgo',
  'half \ud83d an emoji',
  '</td></tr></table></body></html>',
  '<!--[if mso]><table><![endif]-->',
  '&lt;b&gt; &amp;amp; &#x41;',
  'ends with a backslash \\',
] as const;

/** Links that must not be followed from a mail. */
export const HOSTILE_LINKS = [
  'javascript:alert(1)',
  'data:text/html,<script>',
  'https://user:pw@example.org/',
  'https://192.0.2.1/x',
  'vbscript:x',
  '//example.org',
] as const;

/**
 * Makes the longest and oddest newsletter there can be: 50 papers of many authors, scripts and lengths, hostile ones
 * among them if wanted.
 */
export function extremeInput(hostile: boolean, change: Partial<NewsletterInput> = {}): NewsletterInput {
  const names = Array.from({ length: 664 }, (_, index) => `Author Number${index} van der Very-Long-Name`);
  const odd = [
    samplePaper(1, {
      authors: names,
      authorCount: 664,
      abstract: `${'A very long sentence without any end that goes on, '.repeat(400)}and ends.`,
    }),
    samplePaper(2, {
      title: 'מודלים של מרחב מצב ללמידה עמוקה',
      abstract: 'אנחנו מציעים מודל חדש. הוא מהיר יותר. הקוד פתוח.',
    }),
    samplePaper(3, {
      title: '大規模言語モデルの状態空間表現について：新しいアプローチ'.repeat(4),
      abstract: '本論文では、状態空間モデルを提案する。'.repeat(60),
    }),
    samplePaper(4, { title: 'Emoji 🎉👩‍🔬 in titles 🚀'.repeat(6), abstract: '🚀🎉 '.repeat(300) }),
    samplePaper(5, {
      title: 'نماذج فضاء الحالة',
      abstract: 'نقترح نموذجًا جديدًا. إنه أسرع. الكود متاح.',
      authors: ['محمد علي'],
    }),
    samplePaper(6, { title: 'Long'.repeat(50), abstract: 'x'.repeat(20_000) }),
    samplePaper(7, { title: '', abstract: '', authorCount: null, publishedOn: null, url: null }),
    ...(hostile ? HOSTILE : []).map((text, index) =>
      samplePaper(8 + index, {
        title: text,
        abstract: `${text} ${text}. Another sentence.`,
        organization: { slug: text, name: text },
        authors: [text, text],
      }),
    ),
    ...(hostile ? HOSTILE_LINKS : []).map((link, index) =>
      samplePaper(30 + index, { url: link, codeUrl: link, discussionUrl: link }),
    ),
  ];
  const rest = Array.from({ length: 50 - odd.length }, (_, index) =>
    samplePaper(60 + index, {
      abstract: 'An ordinary sentence of an ordinary abstract about forecasting. '.repeat(40),
    }),
  );
  return sampleInput(1, { papers: [...odd, ...rest], ...change });
}
