import { plainRecord } from '../../lib/plain-record.ts';

/** Rarer signs by command: relations and operators of mathematics, arrows, letters, signs of prose. */
const PAIRS = [
  'lt < gt > lneq ⪇ gneq ⪈ lnsim ⋦ gnsim ⋧ nleq ≰ ngeq ≱ nless ≮ ngtr ≯ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ backsim ∽ thicksim ∼ thickapprox ≈ approxeq ≊ eqsim ≂ bumpeq ≏ nsim ≁ ncong ≇ leqq ≦ geqq ≧ lll ⋘ ggg ⋙',
  'preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ nprec ⊀ nsucc ⊁ Subset ⋐ Supset ⋑ subsetneq ⊊ supsetneq ⊋ subseteqq ⫅ nsubseteq ⊈ nsupseteq ⊉ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ nmid ∤ nparallel ∦ owns ∋ dashv ⊣ Vdash ⊩ vDash ⊨ Vvdash ⊪ nvdash ⊬ nvDash ⊭ bowtie ⋈ Join ⋈ pitchfork ⋔ smile ⌣ frown ⌢ between ≬ multimap ⊸',
  'rtimes ⋊ ltimes ⋉ boxtimes ⊠ boxplus ⊞ boxminus ⊟ oslash ⊘ circledast ⊛ circledcirc ⊚ uplus ⊎ sqcap ⊓ sqcup ⊔ wr ≀ amalg ⨿ diamond ⋄ bigcirc ◯ bigtriangleup △ bigtriangledown ▽ triangleleft ◁ triangleright ▷ lhd ⊲ rhd ⊳ unlhd ⊴ unrhd ⊵ trianglelefteq ⊴ trianglerighteq ⊵ barwedge ⊼ veebar ⊻ curlywedge ⋏ curlyvee ⋎ dotplus ∔ intercal ⊺ smallsetminus ∖ divideontimes ⋇ Cap ⋒ Cup ⋓ gtrdot ⋗ lessdot ⋖',
  'bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ coprod ∐ iint ∬ iiint ∭ idotsint ∫⋯∫ oiint ∯ fint ⨍ surd √',
  'leftrightarrows ⇆ rightrightarrows ⇉ leftleftarrows ⇇ twoheadrightarrow ↠ twoheadleftarrow ↞ rightsquigarrow ⇝ leadsto ⇝ leftrightsquigarrow ↭ rightarrowtail ↣ leftarrowtail ↢ hookleftarrow ↩ longleftarrow ⟵ longleftrightarrow ⟷ longmapsto ⟼ Longleftarrow ⟸ Longleftrightarrow ⟺ impliedby ⇐ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ searrow ↘ swarrow ↙ nwarrow ↖ rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ leftrightharpoons ⇋ upharpoonright ↾ restriction ↾ downharpoonright ⇂ circlearrowleft ↺ circlearrowright ↻ curvearrowright ↷ curvearrowleft ↶ Rrightarrow ⇛ dashrightarrow ⇢ nrightarrow ↛ nRightarrow ⇏ nleftarrow ↚ nLeftarrow ⇍',
  'eps ε veps ε vareps ε varpi ϖ varrho ϱ varsigma ς varkappa ϰ varDelta Δ varOmega Ω varGamma Γ varSigma Σ varPhi Φ varPsi Ψ digamma ϝ beth ℶ gimel ℷ daleth ℸ wp ℘ hslash ℏ mho ℧ eth ð complement ∁ Finv Ⅎ Game ⅁ Bbbk 𝕜 top ⊤ bot ⊥ nexists ∄ measuredangle ∡ sphericalangle ∢ because ∵ therefore ∴ qed ∎ blacksquare ■ square □ Diamond ◇ lozenge ◊ blacklozenge ⧫ blacktriangle ▲ bigstar ★ triangledown ▽ flat ♭ natural ♮ sharp ♯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ backprime ‵ dprime ″ sun ☉ astrosun ☉ earth ⊕ oplus ⊕ male ♂ female ♀',
  'dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … ddots ⋱ iddots ⋰ lbrack [ rbrack ] ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ llbracket ⟦ rrbracket ⟧ lAngle ⟪ rAngle ⟫ lgroup ( rgroup ) lparen ( rparen ) mathellipsis … mathsection § mathdollar $ mathsterling £ And & cdotp · ldotp .',
  'dag † ddag ‡ textdagger † textdaggerdbl ‡ ohm Ω textohm Ω textalpha α textbeta β textgamma γ textdelta δ textepsilon ε textlambda λ textsigma σ textomega ω textpi π texttau τ textmugreek μ micro μ AA Å textsection § textparagraph ¶ textbullet • textperiodcentered · textquotesingle \u0027 textquotedbl " guillemotleft « guillemotright » guilsinglleft ‹ guilsinglright › glqq „ grqq “ quotedblbase „ quotesinglbase ‚ textlangle ⟨ textrangle ⟩ textlbrackdbl ⟦ texttimes × textdiv ÷ textpm ± textonehalf ½ textonequarter ¼ textthreequarters ¾ textnumero № textpertenthousand ‱ textperthousand ‰ permil ‰ texteuro € EUR € textsterling £ textyen ¥ yen ¥ textcent ¢ textdollar $ textunderscore _ textbraceleft { textbraceright } textasteriskcentered ∗ textcopyright © textordfeminine ª textordmasculine º textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ slash / SS ẞ NG Ŋ ng ŋ dj đ DJ Đ textexclamdown ¡ textquestiondown ¿ celsius ℃ degreeCelsius ℃ XeTeX XeTeX LaTeXe LaTeX2e',
];

/** Units as authors name their commands, and a few of the particle and star papers' own. */
const UNITS =
  'gev GeV tev TeV mev MeV kev keV ev eV ifb fb⁻¹ invfb fb⁻¹ fbinv fb⁻¹ ipb pb⁻¹ invpb pb⁻¹ pbinv pb⁻¹ kms km/s kmps km/s msun M☉ Msun M☉ msol M☉ Msol M☉ lsun L☉ Lsun L☉ rsun R☉ Rsun R☉ arcsec ″ arcmin ′ um μm us μs lcdm ΛCDM LCDM ΛCDM';

/** What only closes or opens up: nothing is seen of it. */
const NOTHING = 'nonumber notag allowbreak nobreak nobreakspace null strut mathstrut leavevmode unboldmath boldmath';

export const MORE_SYMBOLS: Record<string, string> = plainRecord(
  Object.fromEntries([
    ...[...PAIRS, UNITS].flatMap((pairs) => pairs.split(' ').flatMap((name, at, all) => entry(name, all[at + 1], at))),
    ...NOTHING.split(' ').map((name) => [name, ''] as const),
  ]) as Record<string, string>,
);

function entry(name: string, sign: string | undefined, at: number): [string, string][] {
  return at % 2 === 0 && sign !== undefined ? [[name, sign]] : [];
}
