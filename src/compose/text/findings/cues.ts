import { doingsIn, type Doing } from './doings.ts';

/** A sentence with what the cues ask of it. */
export interface ReadSentence {
  plain: string;
  doings: ReadonlySet<Doing>;
}

/** What a sentence gives away about itself, and what that counts for in either question. */
interface Cue {
  /** What it is taken for. */
  tells: string;
  /** A pattern in the sentence, or what its authors say they did. */
  by: RegExp | Doing;
  /** Towards «what is new». */
  isNew: number;
  /** Towards «what came out». */
  cameOut: number;
  /** A sentence that has it. */
  example: string;
  /** Not counted where the authors offer or build something in the same sentence. */
  yields?: true;
}

/** The cues, each counted once in a sentence: `tells | by | isNew | cameOut | example`. */
export const CUES: readonly Cue[] = [
  cue('offers something', 'offers', 5, -1.5, 'We propose Tandem, a cache that two models share.'),
  cue('builds something', 'builds', 4, -1, 'This paper develops a compiler for quantum clocks.'),
  cue('proves something', 'proves', 3.5, 2, 'We prove that every such graph has a perfect matching.'),
  cue('studies something', 'studies', 3, -0.5, 'This survey reviews how robots learn from touch.'),
  cue('finds something', 'finds', 2, 2.5, 'Here we show that yeast remembers heat.'),
  cue('does something', 'acts', 1.5, 0, 'We train a small model on maps alone.'),
  cue(
    'is offered',
    /\b(?:is|are|was|were) (?:\w+ )?(?:proposed|introduced|presented|developed|designed|constructed|established|investigated|studied|derived|proved|shown|described|reported)\b/i,
    2.5,
    -1,
    'A new lattice code is proposed for deep space.',
  ),
  cue(
    'speaks of its own',
    /\bour (?:[\w-]+ ){0,3}(?:framework|method|approach|model|system|algorithm|pipeline|architecture|benchmark|dataset|agent|theory|technique|strategy|design|idea|insight|contribution)s?\b/i,
    1,
    1,
    'Our two-step method reads both pages at once.',
  ),
  cue(
    'opens as authors do',
    /^(?:in th(?:is|e present) (?:\w+ )?(?:paper|work|study|article|report|letter|note|survey|review|thesis)|here)\b/i,
    1.5,
    0,
    'In this paper, we ask why ice is slippery.',
  ),
  cue(
    'answers a need',
    /^(?:to (?:address|tackle|bridge|fill|overcome|this end|that end|mitigate|resolve|solve|meet|close|remedy|alleviate|support|study|investigate)|motivated by|inspired by|in response|therefore|thus)\b/i,
    1,
    -0.5,
    'To bridge this gap, we collect whale songs.',
  ),
  cue('calls itself new', /\b(?:novel|new|first|unified|first-ever)\b/i, 1, 0, 'A novel valve opens by light.'),
  cue(
    'names its core',
    /\b(?:key|core|central|main) (?:idea|insight|contribution|innovation|technical|observation)/i,
    1,
    -1.5,
    'The key idea is to sort before we search.',
  ),
  cue(
    'appositive',
    /^(?:\w+ ){1,8}[A-Z][\w.-]{0,40}[A-Z\d][\w.-]{0,40},? (?:\([^)]{1,20}\),? )?(?:an?|the|which|that)\b/,
    1,
    0,
    'We built HopNet, a net of nets.',
  ),
  cue(
    'measures with a unit',
    /\d(?:[.,]\d+)? ?(?:%|×|x\b|-?fold\b|times\b|points?\b|percent|pp\b|dB\b|ms\b|fps\b|FPS\b|σ|sigma\b|per cent|hours?\b|seconds?\b|orders? of magnitude)/,
    0,
    4,
    'Errors fall by 12 %.',
  ),
  cue('has a number', /(?<![\w.,-])[+−-]?\d+(?:[.,]\d+)?(?![\w-]|[.,]\d)/, 0, 1, 'It scores 51.8 on the test.'),
  cue('has a fraction', /(?<![\w.,-])[+−-]?\d+\.\d+(?![\w-]|[.,]\d)/, 0, 1.5, 'F1 rises to 0.91.'),
  cue(
    'beats others',
    /\b(?:outperform|surpass|exceed|beat|superior|state-of-the-art|SOTA\b|rival|on par|comparable|competitive|better than|best|match(?:es|ing) )/i,
    -0.5,
    2.5,
    'The model outperforms all others.',
  ),
  cue(
    'gains',
    /\b(?:improv|reduc|increas|speed|gain|faster|higher|lower|achiev|boost|enhanc|consistent)/i,
    -0.5,
    1.5,
    'Training is faster on both.',
  ),
  cue(
    'speaks of trials',
    /^(?:empirically|experimentally|in (?:experiments|practice|tests|trials)|(?:across|on|under|over) (?!th(?:is|ese|e other))[^,]{3,120},|compared (?:to|with))/i,
    -1,
    1,
    'Across nine tasks, it halves the cost.',
  ),
  weak(
    cue(
      'reports what was seen',
      /\b(?:experiments?|experimental|results?|evaluations?|analys[ie]s|stud(?:y|ies)|findings?|simulations?|observations?|benchmarks?|tests|experimentation|experimentally)\b.{0,160}?\b(?:show|demonstrat|reveal|indicat|confirm|suggest|establish|validat|prov(?:e|ing)|verif|highlight|illustrat|expos|find|show|uncover|yield)/i,
      -2.5,
      1.5,
      'Results on four tasks show that order matters.',
    ),
  ),
  weak(
    cue(
      'background',
      /^(?:however|recent|existing|current|previous|prior|traditional|conventional|despite|although|while|most|many|unlike|yet|as \w+|with the|since)\b/i,
      -1.5,
      -2,
      'Existing tools fail on long scores.',
    ),
  ),
  weak(
    cue(
      'state of the field',
      /\b(?:(?:has|have) (?:\w+ )?(?:emerged|become|been|shown|attracted|gained|made|enabled|achieved|demonstrated|revolutioni[sz]ed|exhibited)|remains?|(?:is|are) (?:\w+ )?(?:crucial|essential|challenging|critical|important|fundamental|widely|typically|often|limited)|suffers?|struggles? (?:to|with)|hindered|lacks?)\b/i,
      -1.5,
      -1.5,
      'Diffusion has become the way to draw.',
    ),
  ),
  cue(
    'code and data',
    /\b(?:code|dataset|data|models?|weights|project|demo|website|page|videos?)\b.{0,80}?(?:\b(?:available|released|open-?sourced|found at|accessible)\b|https?:|github)/i,
    -5,
    -6,
    'Code is available at https://example.org.',
  ),
  weak(
    cue(
      'much was tried',
      /\b(?:extensive|comprehensive|thorough|empirical|quantitative) (?:[\w-]+ ){0,3}(?:experiments?|evaluations?|analys[ie]s|studies|results|tests|experimentation)\b/i,
      -3,
      0.5,
      'Extensive experiments confirm its strength.',
    ),
  ),
  cue(
    'hopes',
    /\b(?:we (?:hope|believe|call for|plan|envision|discuss|conclude by)|future (?:work|research)|paves? the way|pav(?:es|ing) the way|opens? up|promising direction)/i,
    -4,
    -3,
    'We hope that others follow.',
  ),
  cue(
    'adds',
    /^(?:additionally|moreover|furthermore|besides|finally|also|in addition|lastly|second|secondly|third|thirdly|fourth)\b|\b(?:we|our|it|paper|work) (?:also|further|additionally|then|next|finally)\b/i,
    -1.5,
    -1,
    'We also give a proof.',
  ),
  cue('takes apart', /\bablation/i, -3, -1.5, 'Ablations show that each part counts.'),
  cue(
    'draws a moral',
    /\b(?:underscor|highlight|paves? the way|potential|promising|suggest(?:s|ing)? that|implications?|insights? into)/i,
    -0.5,
    -1,
    'This highlights the need for care.',
  ),
];

/** Reads what the cues ask for. */
export function readSentence(plain: string): ReadSentence {
  return { plain, doings: doingsIn(plain) };
}

/** Tells whether a sentence has a cue. */
export function hasCue({ plain, doings }: ReadSentence, { by, yields }: Cue): boolean {
  if (yields && (doings.has('offers') || doings.has('builds'))) return false;
  return typeof by === 'string' ? doings.has(by) : by.test(plain);
}

function cue(tells: string, by: RegExp | Doing, isNew: number, cameOut: number, example: string): Cue {
  return { tells, by, isNew, cameOut, example };
}

function weak(one: Cue): Cue {
  return { ...one, yields: true };
}
