import type { Request } from 'express';
import type { Context } from '../context.ts';
import { findInterestIds } from '../db/interests/find-ids.ts';
import { filtersView } from '../http/table.ts';
import { parameter } from '../http/parameters.ts';
import { languageName, languages } from '../lib/strings.ts';
import { isDate } from '../lib/time.ts';
import { canonicalDomain } from '../model/address.ts';
import { addressBeginning, READER_STATES, type ReaderFilter } from '../model/reader-filter.ts';
import { CADENCES } from '../model/subscriber.ts';
import { dayStart } from './days.ts';
import type { Saying } from './saying.ts';

/** Where readers come from. */
const SOURCES = ['form', 'import', 'cli', 'api'] as const;

/** Parameters that narrow the list of readers; those that spell an address are for who may see one. */
const NAMES = ['q', 'state', 'interest', 'domain', 'cadence', 'language', 'source', 'since'] as const;
const OF_ADDRESSES: readonly string[] = ['q', 'domain'];

type Asked = Record<(typeof NAMES)[number], string>;

/** Which readers a request asks for. */
export interface AskedReaders {
  asked: Asked;
  filter: ReaderFilter;
}

/** Reads which readers are meant; what is none of the choices counts as not said. */
export async function readersAsked(ctx: Context, req: Request, seesAddresses: boolean): Promise<AskedReaders> {
  const asked = Object.fromEntries(
    NAMES.map((name) => [name, seesAddresses || !OF_ADDRESSES.includes(name) ? parameter(req, name, 500) : '']),
  ) as Asked;
  const state = READER_STATES.find((one) => one === asked.state);
  const cadence = CADENCES.find((one) => one === asked.cadence);
  const source = SOURCES.find((one) => one === asked.source);
  const language = languages().find((one) => one === asked.language);
  const filter: ReaderFilter = {
    ...(state && { state }),
    ...(cadence && { cadence }),
    ...(source && { source }),
    ...(language && { language }),
    ...(asked.interest && { interestIds: await findInterestIds(ctx.db, asked.interest) }),
    ...(asked.domain && { domain: canonicalDomain(asked.domain.replace(/^.*@/, '')) ?? asked.domain }),
    ...(isDate(asked.since) && { unmailedSince: dayStart(asked.since).toISOString() }),
    ...(asked.q && { address: addressBeginning(asked.q) }),
  };
  return { asked, filter };
}

/** Writes what was asked for as the API is asked for the same. */
export function asCall({ asked, filter }: AskedReaders): Record<string, string> {
  const { state = '', domain = '', cadence = '', language = '', source = '', unmailedSince = '' } = filter;
  return { search: asked.q, state, interest: asked.interest, domain, cadence, language, source, unmailedSince };
}

/** Tells whether anything narrows the list. */
export function isNarrowed({ filter }: AskedReaders): boolean {
  return Object.keys(filter).length > 0;
}

/** Prepares the form that narrows the list. */
export function readerFilters(path: string, { words }: Saying, asked: Asked, seesAddresses: boolean) {
  const label = (name: string) => words(`admin.readers.filter.${name}`);
  const named = (values: readonly string[], kind: string) =>
    values.map((value) => ({ value, name: words(`admin.readers.${kind}.${value}`) }));
  const fields = [
    { name: 'q', label: label('q'), type: 'search', value: asked.q },
    { name: 'state', label: label('state'), value: asked.state, options: named(READER_STATES, 'state') },
    { name: 'interest', label: label('interest'), value: asked.interest },
    { name: 'domain', label: label('domain'), value: asked.domain },
    { name: 'cadence', label: label('cadence'), value: asked.cadence, options: named(CADENCES, 'cadence') },
    {
      ...{ name: 'language', label: label('language'), value: asked.language },
      options: languages().map((value) => ({ value, name: languageName(value) })),
    },
    { name: 'source', label: label('source'), value: asked.source, options: named(SOURCES, 'source') },
    { name: 'since', label: label('since'), type: 'date', value: asked.since },
  ];
  const shown = fields.filter(({ name }) => seesAddresses || !OF_ADDRESSES.includes(name));
  return filtersView(path, words('admin.list.show'), shown);
}
