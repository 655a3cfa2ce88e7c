import { readNote } from '../compose/text/editor-note.ts';
import type { Context } from '../context.ts';
import { holdWishes } from '../db/interests/examples.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import type { ChosenPaper } from '../model/newsletter.ts';
import { foreseeReader, type ReaderForeseen } from '../operate/foresee-reader.ts';
import { choosePreview } from '../preview/choose-preview.ts';
import { findFor, inStoredOrder } from '../preview/find-wishes.ts';
import { openRecentPapers } from '../preview/recent-papers.ts';
import { editionName } from './edition-words.ts';
import type { Saying } from './saying.ts';

/**
 * Prepares what a reader would get as things stand: their next newsletter with what the editor added, as planning would
 * choose it; of who has none to come but a welcome, that.
 */
export async function previewView(ctx: Context, reader: ListedSubscriber, say: Saying) {
  const foreseen = await foreseeReader(ctx, reader.publicId);
  return foreseen ? nextView(foreseen, reader, say) : welcomeView(ctx, reader, say);
}

function nextView(foreseen: ReaderForeseen, reader: ListedSubscriber, say: Saying) {
  const { edition, slotAt, cancelled, newsletter, waits } = foreseen;
  const { words, language } = say;
  const { papers = [], perhaps = [], consideredCount: considered = 0, editorNote = '' } = newsletter ?? {};
  return {
    lead: newsletter
      ? words('admin.readers.preview.lead', { n: papers.length, considered })
      : words(`admin.readers.preview.${cancelled ? 'cancelled' : 'nothing'}`),
    next: { name: editionName(edition, words, language), at: say.moment(slotAt) },
    waits,
    note: readNote(editorNote).map((line) => line.map(({ text }) => text).join('')),
    noteLanguage: reader.language,
    chosen: papers.map((paper) => paperView(paper, say)),
    perhaps: perhaps.map((paper) => paperView(paper, say)),
  };
}

async function welcomeView(ctx: Context, reader: ListedSubscriber, say: Saying) {
  const papers = await openRecentPapers(ctx)();
  const wishes = await holdWishes(ctx.db, inStoredOrder(reader.wishes));
  const choice = papers && (await choosePreview(papers, await findFor(papers, wishes, reader), reader));
  const chosen = (choice?.papers ?? []).map((paper) => paperView(paper, say));
  const lead = say.words('admin.readers.preview.lead', {
    ...{ n: chosen.length, considered: choice?.consideredCount ?? 0 },
  });
  const perhaps = (choice?.perhaps ?? []).map((paper) => paperView(paper, say));
  return { lead, next: null, waits: false, note: [], noteLanguage: reader.language, chosen, perhaps };
}

function paperView({ entry, match, picked }: ChosenPaper, { words }: Saying) {
  const asked = match ? (match.wording ?? match.interestText) : picked ? '' : words('admin.readers.preview.trend');
  const reason = [asked, picked ? words('admin.readers.preview.picked') : ''].filter(Boolean).join(' · ');
  return { title: entry.title, href: `/admin/papers/${entry.paperPublicId}`, reason };
}
