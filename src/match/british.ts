/** Roots in which British -our is American -or, whatever follows. */
const OUR =
  /(arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|savi|splend|tum|val|vap|vig)our/;

/** Words in -re that are American -er, in their forms. */
const RE = /^(.*(?:calib|cent|fib|goit|lit|lust|meag|met|och|sab|somb|spect|theat|tit|maneuv))re(s|d)?$/;

/** Greek and Latin ae, oe, American e: each where it isn't two syllables («intraepithelial», «aerial», «poem»). */
const LIGATURES: [RegExp, string][] = [
  [/^haem(?=s?$)/, 'heme'],
  [/(?<!tr|pr|par|^d)aem/, 'em'],
  [/paed/, 'ped'],
  [/naec(?=o)/, 'nec'],
  [/naesth/, 'nesth'],
  [/palaeo/, 'paleo'],
  [/rchaeo/, 'rcheo'],
  [/^aetio/, 'etio'],
  [/^faec/, 'fec'],
  [/^caes(?=i|ar[ei])/, 'ces'],
  [/^caec/, 'cec'],
  [/^naev/, 'nev'],
  [/chimaer/, 'chimer'],
  [/mediaev/, 'mediev'],
  [/oesophag/, 'esophag'],
  [/oestr/, 'estr'],
  [/oedem/, 'edem'],
  [/^foet(?=al|us)/, 'fet'],
  [/rrhoea/, 'rrhea'],
  [/pnoea/, 'pnea'],
  [/amoeb/, 'ameb'],
  [/homoeo/, 'homeo'],
  [/manoeuv/, 'maneuv'],
  [/coelia/, 'celia'],
];

/** Whole beginnings that differ. */
const BEGINNINGS: [RegExp, string][] = [
  [/sulph/, 'sulf'],
  [/^leuc(?=o|em)/, 'leuk'],
  [/^aluminium/, 'aluminum'],
  [/^esthetic/, 'aesthetic'],
  [/^fibre/, 'fiber'],
  [/^grey/, 'gray'],
  [/^mould/, 'mold'],
  [/^plough/, 'plow'],
  [/^sceptic/, 'skeptic'],
  [/^artefact/, 'artifact'],
  [/^ageing/, 'aging'],
  [/^aeroplane/, 'airplane'],
  [/^tyre(?=s?$)/, 'tire'],
  [/^kerb/, 'curb'],
  [/^jeweller/, 'jeweler'],
  [/^(def|off|pret)ence/, '$1ense'],
  [/^licenc(?=es?$|ed$|ing$)/, 'licens'],
  [/^practi[sz](?=es?$|ed$|ing$)/, 'practic'],
  [/^(cent|maneuv)ring$/, '$1ering'],
  [/^program(?:me)(?=s?$)/, 'program'],
  [/(acknowledg|judg)ement/, '$1ment'],
  [/(enro|fulfi|insta|ski|wi)l(?=ment|ful)/, '$1ll'],
  [/(anal|catal|dial|epil|homol|monol|prol)ogue(?=[sd]?$)/, '$1og'],
  [/(anal|catal|dial|electrol|hydrol|paral|pyrol)ys(?=e$|ed$|ers?$|ing$|able$)/, '$1yz'],
];

/**
 * Brings a folded word's British spelling to the American one. A word of either that is spelled like the other's may
 * change too («promise» to «promize»): what counts is that all its forms do.
 */
export function americanSpelling(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let spelled = word.replace(/^([a-z]{2,}[^aeiou])is(?=(?:e|ed|es|ers?|ing|ations?|ab(?:le|ility))$)/, '$1iz');
  if (/[ao]e/.test(spelled)) for (const [british, american] of LIGATURES) spelled = spelled.replace(british, american);
  if (spelled.includes('our')) spelled = spelled.replace(OUR, '$1or');
  for (const [british, american] of BEGINNINGS) spelled = spelled.replace(british, american);
  return spelled.replace(RE, (_, root: string, end = '') => `${root}er${end === 'd' ? 'ed' : end}`);
}
