import { stemOf } from './tokens.ts';

/**
 * Words that tell how papers talk, not of what: a phrase that begins or ends with one is no reason. Verbs, adverbs and
 * words of praise that name no subject; written by hand, from the words at the ends of the vectors' phrases.
 */
const TALK =
  'ability able abundant accurately achieve additional advance advancement advantage aim allow alternative appear applicability appropriate ' +
  'approximately arise aspect assist assumption attempt automatically avoid aware become behind benefit better beyond boost bring broadly ' +
  'cannot capability capable carefully cause certain challenge challenging commonly complementary complicated comprehensive ' +
  'confirm considerable consist consistently contribute contribution correctly critical crucial current currently demonstrate ' +
  'derive despite detailed determine difficult difficulty directly diverse due easily easy effective effectively effectiveness ' +
  'efficient efficiently effort eliminate emerging employ enable enhance enough ensure entire essential establish ' +
  'exceed excellent exhibit exist existing expect expensive explicitly explore extensive extremely fail ' +
  'feasible fewer final find four five frequently fully fundamental future gain give good great greatly handle help ' +
  'highlight highly ideal identify illustrate implement important importance impressive improve improvement incorporate increase increasingly ' +
  'inherent inherently insight inspire interesting interestingly introduce investigate involve issue jointly keep key know lack largely ' +
  'last lead less leverage limitation little mainly maintain major make manner many meaningful miss mitigate must naturally nearly necessary need ' +
  'new newly next notable novel obtain occur offer often original outcome outperform overall overcome overlook particular particularly perform ' +
  'performance piece play plausible poor poorly popular pose possible potential powerful practical present preserve previous previously primary ' +
  'proceed produce promising proper properly propose proprietary prove provide pursue quickly quite rapidly reach realize recent recently ' +
  'reduce regard relatively release relevant reliably rely remain remarkable remarkably report require requirement research respect ' +
  'respectively result reveal satisfy see seek seem select separately serve several severely shortcoming show significant significantly ' +
  'similar simple simply simultaneously situation sophisticated specific specifically still struggle study subsequent substantial ' +
  'substantially succeed success successful successfully suffer sufficient suggest suitable superior surpass surprising surprisingly ' +
  'tackle take technical technique tend theoretically thorough thoroughly three together traditional traditionally true try two type ' +
  'typical typically ultimately unable underlying unfortunately unify unique unlike unprecedented usage useful user valid valuable various ' +
  'vary vast via viable whole wide widely work worse yield';

const TALK_STEMS: ReadonlySet<string> = new Set(TALK.split(' ').map(stemOf));

/** Tells whether a stem is a word of talk. */
export function isTalk(stem: string): boolean {
  return TALK_STEMS.has(stem);
}
