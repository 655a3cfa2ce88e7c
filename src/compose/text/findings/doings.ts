import { plainRecord } from '../../../lib/plain-record.ts';

/** What authors say they did, from the verb behind «we», «this paper» or the like. */
export type Doing = 'offers' | 'builds' | 'proves' | 'studies' | 'finds' | 'acts';

/** The verbs of each kind in their base form; other forms are made from it. */
const VERBS: Record<Doing, string> = {
  offers: 'introduce propose present unveil put suggest',
  builds:
    'develop design devise build construct create formulate formalize formalise contribute establish curate implement engineer synthesize synthesise initiate advance pioneer assemble',
  proves: 'prove derive classify characterize characterise obtain determine compute solve settle refute disprove give',
  studies:
    'investigate study examine explore analyze analyse revisit survey review aim ask address tackle consider evaluate compare quantify assess rethink conduct describe discuss outline focus pose test model probe systematize systematise seek',
  finds:
    'show demonstrate find report observe discover identify reveal uncover measure detect conclude estimate confirm achieve',
  acts: 'train use leverage apply extend combine integrate reframe frame reformulate provide offer argue adopt employ utilize utilise enable unify repurpose collect generalize generalise take release define operationalize instantiate perform exploit recast view bring make',
};

const IRREGULAR = 'built build found find shown show gave give given give took take taken take brought bring made make';

const DOINGS: Record<string, Doing> = plainRecord(
  Object.fromEntries([
    ...Object.entries(VERBS).flatMap(([doing, verbs]) =>
      verbs.split(' ').flatMap((verb) => formsOf(verb).map((form) => [form, doing] as const)),
    ),
  ]) as Record<string, Doing>,
);

/** Who speaks in an abstract, and up to three words behind. */
const SPEAKER =
  /\b(?:we|I|(?:the )?authors|(?:this|our|the present|the current) (?:(?:position|survey|technical|short|research|white) )?(?:paper|work|study|article|report|letter|note|thesis|dissertation|survey|review|tutorial|chapter|overview|research|monograph)(?=[ ,]))((?:,? [A-Za-z]+[ ,]){0,1}(?: ?[A-Za-z-]+){1,3})/gi;

/** A second verb, told by what it shows: «we train … and show that». */
const AND_SHOW = /\b(?:and|to) ([a-z]+) (?:that|how)\b/g;

/** Returns what the authors say they did in a sentence. */
export function doingsIn(plain: string): Set<Doing> {
  const found = new Set<Doing>();
  for (const [, behind = ''] of plain.matchAll(SPEAKER)) {
    for (const word of behind.toLowerCase().split(/[ ,]/)) {
      const doing = DOINGS[word];
      if (doing) {
        found.add(doing);
        break;
      }
    }
  }
  for (const [, word = ''] of plain.matchAll(AND_SHOW)) {
    const doing = DOINGS[word];
    if (doing === 'finds' || doing === 'proves') found.add(doing);
  }
  return found;
}

function formsOf(verb: string): string[] {
  const irregular = IRREGULAR.split(' ');
  const others = irregular.filter((_, at) => at % 2 === 0 && irregular[at + 1] === verb);
  const stem = verb.replace(/[ey]$/, '');
  const s = /[^aeiou]y$/.test(verb) ? `${stem}ies` : /(?:ss|sh|ch|x)$/.test(verb) ? `${verb}es` : `${verb}s`;
  const ed = /[^aeiou]y$/.test(verb) ? `${stem}ied` : verb.endsWith('e') ? `${verb}d` : `${verb}ed`;
  return [verb, s, ed, ...others];
}
