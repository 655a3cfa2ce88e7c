import { plainRecord } from '../../lib/plain-record.ts';
import { MORE_SYMBOLS } from './latex-more-symbols.ts';

/** LaTeX commands that stand for one character (or a few), by name without the backslash. */
export const SYMBOLS: Record<string, string> = plainRecord({
  ...MORE_SYMBOLS,
  ...table(
    'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω',
  ),
  ...table(
    'Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ',
  ),
  ...table(
    'times × div ÷ pm ± mp ∓ cdot · ast ∗ star ⋆ circ ° bullet • oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ cap ∩ cup ∪ setminus ∖ wedge ∧ vee ∨ land ∧ lor ∨ neg ¬ lnot ¬ dagger † ddagger ‡',
  ),
  ...table(
    'leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ approx ≈ sim ~ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ prec ≺ succ ≻ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ in ∈ notin ∉ ni ∋ mid | vert | Vert ‖ parallel ∥ perp ⊥ models ⊨ vdash ⊢',
  ),
  ...table(
    'to → rightarrow → longrightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ uparrow ↑ downarrow ↓ nearrow ↗ searrow ↘ hookrightarrow ↪ rightleftharpoons ⇌',
  ),
  ...table(
    'infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ oint ∮ forall ∀ exists ∃ emptyset ∅ varnothing ∅ angle ∠ triangle △ Box □ checkmark ✓ prime ′ degree ° ldots … dots … cdots ⋯ vdots ⋮ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | lVert ‖ rVert ‖',
  ),
  ...table(
    'ss ß o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ S § P ¶ copyright © textregistered ® texttrademark ™ pounds £ euro € textendash – textemdash — textellipsis … textasciitilde ~ textasciicircum ^ textbackslash \\ textbar | textless < textgreater > textdegree ° textmu µ textquoteright ’ textquoteleft ‘ textquotedblleft “ textquotedblright ” lq ‘ rq ’ LaTeX LaTeX TeX TeX BibTeX BibTeX',
  ),
  ...Object.fromEntries(
    'log ln exp min max sup inf lim sin cos tan det dim ker deg gcd arg argmin argmax Pr tr mod softmax tanh'
      .split(' ')
      .map((name) => [name, name]),
  ),
  quad: ' ',
  qquad: ' ',
  enspace: ' ',
  thinspace: ' ',
  colon: ': ',
  bmod: ' mod ',
  lbrace: '{',
  rbrace: '}',
  backslash: '\\',
});

/** Marks that combine with the letter in front of them, by accent command. */
export const ACCENTS: Record<string, string> = plainRecord({
  '"': '\u0308',
  "'": '\u0301',
  '`': '\u0300',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  '.': '\u0307',
  c: '\u0327',
  v: '\u030c',
  u: '\u0306',
  H: '\u030b',
  k: '\u0328',
  r: '\u030a',
  d: '\u0323',
});

/** The same over a letter in a formula. */
export const MATH_ACCENTS: Record<string, string> = plainRecord({
  hat: '\u0302',
  widehat: '\u0302',
  tilde: '\u0303',
  widetilde: '\u0303',
  bar: '\u0304',
  overline: '\u0304',
  vec: '\u20d7',
  dot: '\u0307',
  ddot: '\u0308',
  check: '\u030c',
  acute: '\u0301',
  grave: '\u0300',
  breve: '\u0306',
  mathring: '\u030a',
  widebar: '\u0304',
});

/** Blackboard letters that have a character of their own. */
export const BLACKBOARD: Record<string, string> = plainRecord(
  table('C ℂ E 𝔼 F 𝔽 H ℍ K 𝕂 N ℕ P ℙ Q ℚ R ℝ S 𝕊 T 𝕋 V 𝕍 Z ℤ 1 𝟙'),
);

/** Commands whose argument is shown as it is. */
export const SHOWN = new Set(
  'text textrm textsf textsc texttt textup textnormal textmd textbf mathrm mathsf mathcal mathbf mathit mathfrak mathscr mathtt boldsymbol bm operatorname mbox hbox underline uline textcolor pmb mathop mathbin ensuremath smash url nolinkurl path lowercase uppercase centering boldmath mathbit textup sout st hl ul sbox fbox framebox'.split(
    ' ',
  ),
);

/** Commands whose argument is set in italics. */
export const EMPHASISED = new Set('emph textit textsl'.split(' '));

/** Commands that vanish with their argument. */
export const DROPPED = new Set(
  'cite citep citet citealp citealt citeauthor citeyear ref eqref cref Cref autoref label footnote footnotemark thanks vspace hspace phantom vphantom hphantom bibliographystyle begin end includegraphics'.split(
    ' ',
  ),
);

/** Commands that vanish alone: size, style, and delimiters that grow. */
export const SILENT = new Set(
  'left right big Big bigg Bigg bigl bigr Bigl Bigr middle limits nolimits displaystyle textstyle scriptstyle it bf em rm tt sc sl sf itshape bfseries ttfamily rmfamily sffamily scshape upshape slshape mdseries normalfont small large Large LARGE huge footnotesize scriptsize tiny normalsize noindent newline linebreak par xspace protect relax bf cal'.split(
    ' ',
  ),
);

/** Greek names that a capture leaves behind when it strips the backslash. */
export const GREEK =
  'varepsilon|epsilon|alpha|beta|gamma|delta|zeta|theta|kappa|lambda|sigma|omega|varphi|Gamma|Delta|Theta|Lambda|Sigma|Omega|Phi|Psi|phi|psi|rho|tau|chi|eta|ell|mu|nu|xi|pi';

const FONT = /^(?:math[a-z]+|boldsymbol|bm|pmb)$/;

/** Tells whether a command takes its argument without braces too; those of a formula alone do so only there. */
export function takesArgument(name: string, math: boolean): boolean {
  if (FONT.test(name) || MATH_ACCENTS[name] !== undefined) return true;
  return name === 'sqrt' || (math && (name === 'not' || name === 'operatorname'));
}

function table(pairs: string): Record<string, string> {
  const words = pairs.split(' ');
  const made: Record<string, string> = {};
  for (let at = 0; at + 1 < words.length; at += 2) made[words[at] ?? ''] = words[at + 1] ?? '';
  return made;
}
