import type { Request, Response } from 'express';
import type { PlainPage, ShowPage } from './templates.ts';

/** One button of a form; `name` and `value` where pressing it says something. */
export interface NoticeButton {
  label: string;
  look: 'big' | 'quiet' | 'danger';
  name?: string;
  value?: string;
}

/** One form of a notice. */
export interface NoticeForm {
  action: string;
  /** What a link may point at in the page. */
  id?: string;
  hidden?: Record<string, string>;
  buttons: NoticeButton[];
  choices?: { name: string; legend: string; options: { value: string; label: string; hint?: string }[] }[];
  texts?: { name: string; label: string }[];
}

/** A term and what it says here; several lines where it is a list. */
export interface SummaryLine {
  term: string;
  values: string[];
}

/** A page within a notice: its heading, what screen readers call it, and the words of the link to it. */
export interface InnerPage {
  heading: string;
  title: string;
  src: string;
  alone: string;
}

/** A short page: what happened or will happen, and what can be done now. */
export interface Notice {
  heading: string;
  lines: string[];
  kicker?: string;
  /** What was asked for, term by term. */
  summary?: SummaryLine[];
  /** A page of ours that stands in this one. */
  inner?: InnerPage;
  forms?: NoticeForm[];
  /** What is said below the buttons. */
  notes?: string[];
  links?: { href: string; label: string }[];
  status?: number;
  language?: string;
}

/** Shows a notice. */
export function showNotice({ show }: { show: ShowPage }, req: Request, res: Response, notice: Notice): void {
  show(req, res, pageOf(notice));
}

function pageOf(notice: Notice): PlainPage {
  const forms = (notice.forms ?? []).map(({ action, id, hidden, buttons, choices, texts }) => ({
    action,
    id: id ?? '',
    hidden: Object.entries(hidden ?? {}).map(([name, value]) => ({ name, value })),
    buttons: buttons.map((button) => ({ name: '', value: '', ...button })),
    choices: (choices ?? []).map((choice) => ({
      ...choice,
      options: choice.options.map((option) => ({ hint: '', ...option })),
    })),
    texts: texts ?? [],
  }));
  return {
    template: 'notice',
    title: notice.heading,
    view: {
      kicker: notice.kicker ?? '',
      heading: notice.heading,
      lines: notice.lines,
      summary: notice.summary ?? [],
      inner: notice.inner ?? null,
      notes: notice.notes ?? [],
      forms,
      links: notice.links ?? [],
    },
    ...(notice.status === undefined ? {} : { status: notice.status }),
    ...(notice.language === undefined ? {} : { language: notice.language }),
  };
}
