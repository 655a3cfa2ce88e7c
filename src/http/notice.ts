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
  hidden?: Record<string, string>;
  buttons: NoticeButton[];
  choices?: { name: string; legend: string; options: { value: string; label: string; hint?: string }[] }[];
  texts?: { name: string; label: string }[];
}

/** A short page: what happened or will happen, and what can be done now. */
export interface Notice {
  heading: string;
  lines: string[];
  kicker?: string;
  forms?: NoticeForm[];
  links?: { href: string; label: string }[];
  status?: number;
  language?: string;
}

/** Shows a notice. */
export function showNotice({ show }: { show: ShowPage }, req: Request, res: Response, notice: Notice): void {
  show(req, res, pageOf(notice));
}

function pageOf(notice: Notice): PlainPage {
  const forms = (notice.forms ?? []).map(({ action, hidden, buttons, choices, texts }) => ({
    action,
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
      forms,
      links: notice.links ?? [],
    },
    ...(notice.status === undefined ? {} : { status: notice.status }),
    ...(notice.language === undefined ? {} : { language: notice.language }),
  };
}
