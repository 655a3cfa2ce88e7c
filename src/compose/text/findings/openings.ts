/**
 * Leading phrases that point back, and that a sentence can do without: «In this paper,», «To address this,»,
 * «Specifically,».
 */
const LEADS: readonly RegExp[] = [
  /^(?:however|therefore|thus|hence|consequently|accordingly|moreover|furthermore|additionally|besides|also|in addition|specifically|concretely|in particular|notably|importantly|crucially|interestingly|remarkably|surprisingly|indeed|overall|finally|lastly|in summary|in short|to summarize|in conclusion|in contrast|by contrast|conversely|instead|nevertheless|nonetheless|meanwhile|similarly|likewise|for example|for instance|as a result|in turn|in response|in parallel|together|to this end|to that end|to do so|to do this|first|firstly|second|secondly|third|thirdly|fourth|next|then|subsequently|afterwards|here|herein|yet|still|but|and|so|more importantly|most notably|more specifically|beyond this|beyond that|on the other hand|on the one hand|at the same time|at each iteration|on top of that|again|today|in fact|that is|of note|as such|in doing so|in this way|in this context|in this regard|further|particularly|thereby|namely|especially|ultimately|collectively|additional|eventually|altogether|further on|later|above all|accordingly|correspondingly|analogously|equally|rather|last|last but not least|as an example|as a consequence|as an application|as a by-?product|among others|on this basis|in the process|in other words|in detail|in essence|of course|to be specific|to be precise|more precisely|more concretely|more generally|more broadly|concretely speaking|by doing so|by so doing|for this purpose|for that purpose|for this reason|for this|to that effect|due to this|because of this|based on this|with this|after that|after this|since then|until now|so far|up to now|to date|recently|lately|nowadays|currently|traditionally),\s+/i,
  /^in (?:this|the present|the current|our) (?:\w+[ -])?(?:paper|work|study|article|report|letter|note|survey|review|thesis|chapter|tutorial),?\s+/i,
  /^(?:here|herein|in this),?\s+(?=we\b|I\b)/i,
  /^(?:however|therefore|thus|hence|but|and|so|yet|then|also|next|finally|moreover|furthermore)\s+(?=we\b|our\b|the\b|a\b|an\b)/i,
  /^(?:in order )?to (?:[a-z]+ ){1,3}(?:this|these|such|those|the above) (?:[a-z-]+ ){0,3}?(?=we\b)/i,
  /^(?:through|in|by|with|via|from|based on|using|after) (?:an? |our |the )?(?:[a-z-]+ ){0,4}(?:experiments?|experimentation|evaluations?|simulations|tests)(?: and (?:[a-z-]+ ){0,2}(?:analys[ie]s|simulations|evaluations?))?, (?=we\b)/i,
  /^it (?:is|was|has been) (?:also |further )?(?:shown|proved|proven|found|demonstrated|observed|argued|established) that /i,
  /^in the (?:first|second|third) (?:stage|step|phase), (?=we\b)/i,
  /^\((?:\d|[ivx]{1,4}|[a-d])\)\s+/i,
];

/**
 * A leading clause up to its comma: cut where it holds a word that points back and a new subject follows. A condition
 * is none: without it the sentence says more than its authors do.
 */
const CLAUSE =
  /^(?:to|by|with|based on|building (?:up)?on|motivated by|inspired by|leveraging|using|given|from|driven by|guided by|in light of|in view of|following|beyond|because of|due to|for|in|on|as|through|via|upon|unlike|compared (?:to|with)|in response to|grounded in|recognizing|observing|addressing|despite|after|at|across|while|although|since|leverage)\b[^,;:()]{0,140}, /i;
const BACK =
  /\b(?:this|these|that (?:end|gap|problem|limitation)|those|such(?! as\b)|them|their|it|its|the above|the former|the latter|above(?! \d)|aforementioned|to [a-z]{3,12} (?:both|the(?: first| second| third)?) (?:problem|challenge|issue|gap|limitation)s?(?=, $))\b/i;
const SUBJECT =
  /^(?:in (?:this|our) (?:paper|work|study),? )?(?:we|our|I|the|an?|this (?:paper|work|study|survey|article|report)|[A-Z])/;

const FRAME =
  /^(?:(?:extensive|comprehensive|thorough|empirical|experimental|numerical|quantitative|qualitative|our|the|these|both|and|further|additional|all|simulation|evaluation|ablation|detailed|systematic|rigorous|large-scale|[a-z]+ly) ){0,5}(?:experiments?|results?|evaluations?|evidence|analys[ie]s|studies|findings|simulations|tests|trials|observations|experimentation)(?: and (?:[a-z-]+ ){0,2}(?:experiments?|results?|evaluations?|analys[ie]s|studies|simulations|tests))? (?:also |further |consistently |clearly )?(?:show|shows|demonstrate|demonstrates|reveal|reveals|indicate|indicates|confirm|confirms|suggest|suggests|establish|verify|validate|prove|highlight) that /i;

/** The same with what was tried on what, and a reason given before what is offered: cut where there is no room. */
const LONG_FRAME =
  /^(?:[\p{L}\d-]+ ){0,5}(?:experiments?|experimentation|results?|evaluations?|evidence|analys[ie]s|studies|findings|simulations|tests|trials|assessments?|comparisons|benchmarks?) [^.;:]{0,160}?(?:show|shows|demonstrate|demonstrates|reveal|reveals|indicate|indicates|confirm|confirms|suggest|suggests|establish|verify|validate|prove) that /iu;
const REASON =
  /^(?:while|although|though|despite|unlike|to|by|given|since|as|instead of|rather than|building on|inspired by|motivated by|for|in)\b[^.;]{10,260}?, (?=we (?:[a-z]+ly )?(?:propose|introduce|present|develop|design|build|construct|create|show|prove|study|investigate)\b)/i;

const DANGLING =
  /^(?:(?:this|that) (?!(?:position |survey |technical |short |research )?(?:paper|work|study|article|report|survey|review|thesis|letter|note|tutorial|chapter|overview|research|dissertation|monograph|video|project)\b)|this$|these\b|those\b|it\b|its\b|they\b|their\b|he\b|she\b|his\b|her\b|such\b|both\b|however\b|furthermore\b|moreover\b|then\b|thus\b|hence\b|therefore\b|additionally\b|consequently\b|nevertheless\b|nonetheless\b|otherwise\b|instead\b|besides\b|also\b|but\b|and\b|or\b|so\b|yet\b|nor\b|finally\b|lastly\b|second\b|secondly\b|third\b|thirdly\b|firstly\b|first,|next,|similarly\b|likewise\b|conversely\b|meanwhile\b|accordingly\b|subsequently\b|specifically\b|in (?:the (?:first|second|third|next|last|final) )?(?:stage|step|phase)\b|in (?:addition|contrast|particular|turn|parallel)\b|the (?:former|latter|other|second|third|resulting|same)\b|there\b(?=.{0,5}$)|here\b|for (?:example|instance)\b|(?:in|if|when|under) (?:this|these|those|such|that)\b|to (?:this|that|these)\b|as a (?:result|consequence)\b|another\b|at the same time\b|on the other hand\b|system \d|stage \d|step \d|phase \d|one (?:is|of them)\b|each\b(?= of these)|which\b|[a-z]+ing (?:this|these|those|them|it)\b|[),.;:])/i;

/** Cuts what a sentence can do without in front, with its first letter a capital. */
export function withoutLeads(text: string): string {
  let rest = text;
  for (let round = 0; round < 4; round++) {
    const cut = cutOnce(rest);
    if (cut === rest) break;
    rest = cut;
  }
  return rest;
}

function cutOnce(text: string): string {
  for (const lead of LEADS) {
    const shorter = text.replace(lead, '');
    if (shorter !== text && shorter !== '') return capitalised(shorter);
  }
  const clause = CLAUSE.exec(text)?.[0];
  if (clause && BACK.test(clause) && SUBJECT.test(text.slice(clause.length)))
    return capitalised(text.slice(clause.length));
  const frame = FRAME.exec(text)?.[0];
  if (frame) return capitalised(text.slice(frame.length));
  return text;
}

/** Cuts what says only how it was found out, or why it was done, where there is no room for it. */
export function shorterLead(text: string): string {
  const cut = text.replace(LONG_FRAME, '').replace(REASON, '');
  const shorter = cut === text ? text : withoutLeads(capitalised(cut));
  return dangles(shorter) ? text : shorter;
}

/** Tells whether a sentence begins in mid-air: with a word that points back at what isn't shown. */
export function dangles(text: string): boolean {
  return DANGLING.test(text);
}

function capitalised(text: string): string {
  const first = /^\p{Ll}(?=[\p{Ll}' -]|$)/u.exec(text)?.[0];
  return first ? first.toUpperCase() + text.slice(1) : text;
}
