import { ALL_MAIL } from '../../db/sending/circuit.ts';
import type { Need } from '../today/needs.ts';
import type { AlarmCode } from './codes.ts';

/** Something that is wrong: what happened, what Offprint does about it, and what to type. */
export interface Trouble {
  code: AlarmCode;
  /** What it is about, where there may be several of a code: names it together with the code. */
  about: string;
  happened: string;
  does: string;
  type: string;
}

type Of<Kind extends Need['kind']> = Need & { kind: Kind };

const LATER = 'It is tried again by itself.';

const TELL: { [Kind in Need['kind']]: (need: Of<Kind>) => Trouble } = {
  stopped: ({ relay, problem, since }) =>
    relay === ALL_MAIL
      ? {
          ...{ code: 'sending-paused', about: '' },
          happened: `Sending is paused since ${since.toISOString()}: ${problem}`,
          does: 'Nothing is lost. One mail is tried from time to time; when it goes through, sending resumes by itself.',
          type: 'offprint doctor',
        }
      : {
          ...{ code: 'relay-out', about: relay.replace(/^relay:/, '') },
          happened: `The mail server ${relay.replace(/^relay:/, '')} is left out since ${since.toISOString()}: ${problem}`,
          does: 'Mail goes through the others. One is tried there from time to time.',
          type: 'offprint doctor',
        },
  uncertain: ({ edition, count }) => ({
    ...{ code: 'uncertain', about: '' },
    happened: `Of ${count} ${count === 1 ? 'mail' : 'mails'} of ${edition ?? 'no edition'} nobody knows whether they arrived`,
    does: 'They are held and not sent again, since somebody might get them twice.',
    type: `offprint deliveries --state uncertain${edition === null ? '' : ` --edition ${edition}`}`,
  }),
  held: ({ id, source, on, reasons }) => ({
    ...{ code: 'digest-held', about: String(id) },
    happened: `The digest of ${on} from ${source} is held: ${reasons.join(' · ')}`,
    does: 'No reader gets anything of it until it is released.',
    type: `offprint digests release ${source}:${on}`,
  }),
  failing: ({ source, since, problem }) => ({
    ...{ code: 'source-failing', about: source },
    happened: `The source ${source} fails since ${since?.toISOString() ?? 'the beginning'}: ${problem}`,
    does: LATER,
    type: 'offprint sources',
  }),
  silent: ({ source, weekdays }) => ({
    ...{ code: 'source-silent', about: source },
    happened: `The source ${source} has had nothing new for ${weekdays} weekdays, longer than it used to`,
    does: 'It is asked as ever.',
    type: 'offprint sources',
  }),
  job: ({ job, failures, since, error }) => ({
    ...{ code: 'job-fails', about: job },
    happened: `The job ${job} has failed ${failures} times in a row since ${since.toISOString()}: ${error}`,
    does: LATER,
    type: `offprint run ${job}`,
  }),
  aside: ({ problem, count }) => ({
    ...{ code: 'readers-aside', about: problem },
    happened: `${count} ${count === 1 ? 'reader' : 'readers'} cannot be planned: ${problem}`,
    does: 'They wait, and are planned again by themselves once it is mended; everybody else is served.',
    type: 'offprint why READER@ADDRESS',
  }),
  letters: ({ count }) => ({
    ...{ code: 'letters', about: '' },
    happened: `${count} ${count === 1 ? 'letter waits' : 'letters wait'} to be read`,
    does: 'They wait; nobody is answered.',
    type: 'offprint admin create YOU@ADDRESS and look at /admin/replies',
  }),
  onHold: ({ why, reason }) => ({
    ...{ code: 'on-hold', about: '' },
    happened: `Nothing is sent: this database was ${reason}`,
    does: 'Nothing is chosen, sent or told, since what happened elsewhere meanwhile is not known here.',
    type: why === 'behind' ? 'offprint journal replay, then offprint resume' : 'offprint resume',
  }),
  backup: ({ problem }) => ({
    ...{ code: 'backup', about: '' },
    happened: `There is no backup to rely on: ${problem}`,
    does: 'It is tried again within the hour; older backups are kept until one is sound.',
    type: 'offprint run backup',
  }),
  paused: ({ edition, waiting }) => ({
    ...{ code: 'edition-paused', about: edition },
    happened: `The edition ${edition} is paused; ${waiting} mails wait`,
    does: 'They go on waiting until somebody lets them go.',
    type: `offprint editions resume ${edition}`,
  }),
};

/** Says what a need of the overview is, with the command that helps. */
export function troubleOf<Kind extends Need['kind']>(need: Of<Kind>): Trouble {
  return TELL[need.kind](need);
}

/** Names a trouble for good, as long as it lasts. */
export function keyOf({ code, about }: Pick<Trouble, 'code' | 'about'>): string {
  return about === '' ? code : `${code}:${about}`;
}
