import { escapeHtml } from '../src/compose/text/marked-text.ts';
import type { NewsletterInput } from '../src/model/newsletter.ts';

/**
 * Writes a newsletter's MJML the ordinary way: a document for each mail, a section for each paper, an element for each
 * line.
 */
export function ordinaryMjml(input: NewsletterInput): string {
  const papers = input.papers.map(({ entry, match, upvotes, comments }, at) => {
    const react = (what: string) =>
      `<a href="https://digest.example.org/react/token?paper=${entry.paperPublicId}&amp;do=${what}">${what} like ${at + 1}</a>`;
    const reasons = (match?.reasons ?? []).map(
      ({ text, where }) => `<span>“${escapeHtml(text)}” in the ${where}</span>`,
    );
    return `<mj-section background-color="#ffffff"><mj-column>
      <mj-text font-size="20px" font-weight="bold"><h2><a href="${entry.url ?? ''}">${at + 1}. ${escapeHtml(entry.title)}</a></h2></mj-text>
      <mj-text color="#57606a">${escapeHtml(entry.authors.join(', '))} · ${entry.publishedOn ?? ''} · ${upvotes ?? 0} upvotes · ${comments ?? 0} comments</mj-text>
      <mj-text>${escapeHtml(entry.abstract.slice(0, 400))}</mj-text>
      <mj-text>${reasons.join(' ')}</mj-text>
      <mj-text><a href="${entry.discussionUrl ?? ''}">Discussion</a> · <a href="${entry.codeUrl ?? ''}">Code</a> · ${['more', 'less', 'mute'].map(react).join(' · ')}</mj-text>
      <mj-divider border-width="1px" border-color="#d8d5ce" />
    </mj-column></mj-section>`;
  });
  const trending = input.trending.map(
    ({ title, url }) => `<mj-text><a href="${url ?? ''}">${escapeHtml(title)}</a></mj-text>`,
  );
  return `<mjml lang="en" dir="ltr"><mj-head><mj-title>Papers</mj-title><mj-attributes><mj-all font-family="Helvetica, Arial, sans-serif" />
    <mj-text font-size="16px" line-height="1.5" /></mj-attributes></mj-head><mj-body background-color="#f3f1ec">
    <mj-section background-color="#ffffff"><mj-column><mj-text><h1>${input.issuedOn}</h1></mj-text></mj-column></mj-section>
    ${papers.join('\n')}
    <mj-section background-color="#ffffff"><mj-column><mj-text><h2>Also trending</h2></mj-text>${trending.join('')}</mj-column></mj-section>
    <mj-section background-color="#ffffff"><mj-column><mj-text>You get this because you confirmed. <a href="https://digest.example.org/unsubscribe/token">Unsubscribe</a></mj-text></mj-column></mj-section>
    </mj-body></mjml>`;
}
