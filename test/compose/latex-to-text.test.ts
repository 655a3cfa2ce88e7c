import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from '../../src/compose/text/clean-text.ts';
import { latexToText } from '../../src/compose/text/latex-to-text.ts';
import { htmlOf, plainOf } from '../../src/compose/text/marked-text.ts';
import { sharedPath } from '../support/shared.ts';

const plain = (text: string, where?: 'title' | 'abstract') => plainOf(latexToText(text, where));

describe('what authors write', () => {
  test.each([
    ["\\( x'(t) = Ax(t)+Bu(t) \\)", "x'(t) = Ax(t)+Bu(t)"],
    ['$\\mathcal{O}(n^2)$', 'O(n²)'],
    ['a cost of $O(n \\log n)$ steps', 'a cost of O(n log n) steps'],
    ['91\\% of it', '91% of it'],
    ['{\\it torch.matmul} and \\textbf{Mamba}', 'torch.matmul and Mamba'],
    ['Stage~1 and Fig.~2', 'Stage 1 and Fig. 2'],
    [
      'na\\"ively, G\\"{o}del, Erd\\H{o}s, \\c{C}elik, {\\"u}ber, Bj\\o rn',
      'naïvely, Gödel, Erdős, Çelik, über, Bjørn',
    ],
    ['$k$-means, $n=3$ and ResNet$^{50}$', 'k-means, n=3 and ResNet⁵⁰'],
    ['$\\frac{a+b}{2}$ with $\\hat{x}_t \\in \\mathbb{R}^{d}$', '(a+b)/2 with x̂ₜ ∈ ℝ^d'],
    ['$\\alpha \\leq \\beta \\rightarrow \\infty$', 'α ≤ β → ∞'],
    ['shift\\&add, \\$5, \\#1, a\\_b', 'shift&add, $5, #1, a_b'],
    ["``quoted''", '“quoted”'],
    ['pages 3--7', 'pages 3–7'],
    ['as \\cite{x} says', 'as says'],
    ['{{GPT}} and \\ours{} win', 'GPT and ours win'],
    ['\\emph{very} *fast* and **small**', 'very fast and small'],
    ['see \\url{https://a.example/b_c~d} now', 'see https://a.example/b_c~d now'],
    ['\\href{https://a.example}{our page}', 'our page'],
    ['$\\sqrt{d}$ and $10^{-3}$ and $x_{i,j}$', '√d and 10⁻³ and x_(i,j)'],
    ['half is $\\frac 1 2$, a third $\\frac13$', 'half is 1/2, a third 1/3'],
    ["$e_\\mathrm{best}$ and $e_\\infty$, $r^*$ and $r^{\\ast}$, $d^{'}$", 'e_best and e_∞, r* and r*, d′'],
    ['about $\\sim$60k of 256$\\times$256', 'about ~60k of 256×256'],
    ['gains $ 95\\% \\pm 9\\%$ with $13 \\times $ less', 'gains 95% ± 9% with 13 × less'],
    ['$16$ agents win $10$% of $TD(n)$, $i.e.,$ all', '16 agents win 10% of TD(n), i.e., all'],
    ['$n_y\\log n$ where $k\\ll d$ and $a \\le b$', 'n_y log n where k≪d and a ≤ b'],
    ['A^2E, UniF^2ace and $\\gamma${=}4', 'A²E, UniF²ace and γ=4'],
    ['\\textcolor{red}{fast} and \\revised{slow}', 'fast and slow'],
    // Groups around formulas and addresses.
    ['\\emph{$k$-Center} Clustering', 'k-Center Clustering'],
    ['\\textbf{$O(n)$}, \\textit{$\\alpha$-stable} and \\textcolor{red}{\\(x^2\\)}', 'O(n), α-stable and x²'],
    ['\\textbf{\\emph{$k$-means} beats \\textsc{Tide}}, $x_{\\text{max}}$', 'k-means beats Tide, xₘₐₓ'],
    ['\\textcolor{magenta}{\\url{https://a.example/b}}', 'https://a.example/b'],
    ['\\texttt{https://a.example/b\\_c} and \\textbf{\\$5}', 'https://a.example/b_c and $5'],
    ['\\href{https://a.example}{\\textbf{Code}} and \\href{https://b.example}{\\emph{$n$ logs}}', 'Code and n logs'],
    ['\\emph{$k$-Center', 'emph{k-Center'],
    // Arguments without braces.
    ['$\\mathcal L$, $\\mathbf x$, $\\boldsymbol\\theta$, \\mathbb R^2', 'L, x, θ, ℝ²'],
    ['$\\bar\\nu_e$ or \\bar\\nu_e, $b\\bar b$, $\\hat\\theta$, $\\dot x$', 'ν̄ₑ or ν̄ₑ, bb̄, θ̂, ẋ'],
    ['$\\sqrt s$ and $\\sqrt2$, $\\frac n2$, $\\tfrac12$', '√s and √2, n/2, 1/2'],
    // Formulas of signs, without blanks between, beside words.
    ['$>$90\\% and p$<$0.05, 7$%$, $<$10 of them', '>90% and p<0.05, 7%, <10 of them'],
    ['$a$$b$ is $1/2$ or $n!$ or $[0,1]$', 'ab is 1/2 or n! or [0,1]'],
    ['a $30$m grid, CIFAR$10$ and F$1$, where $ d $ is', 'a 30m grid, CIFAR10 and F1, where d is'],
    ['$x$~and~$y$ in Fig.~$2$', 'x and y in Fig. 2'],
    // In prose.
    ['A^\\top and B^\\dagger', 'A^⊤ and B†'],
    ['13\\TeV, 5 \\GeV, 3\\,\\AA, $5\\,\\TeV$', '13 TeV, 5 GeV, 3 Å, 5 TeV'],
    ['10{,}000 in a\\-b Nystr{ö}m', '10,000 in ab Nyström'],
    // Commands of two groups, and what stands between.
    ['$\\binom{n}{k}$, ${n \\choose k}$, ${a \\over b}$', '(n choose k), (n choose k), a/b'],
    ['$\\underset{x}{\\operatorname{argmin}}$ and $\\stackrel{d}{=}$', 'argminₓ and =^d'],
    ['$\\sqrt[3]{x}$, $x\\not\\in A$, $a\\equiv b\\pmod p$', '³√x, x∉ A, a≡b (mod p)'],
    ['$\\ket{\\psi}$ and $\\left<r^2\\right>$', '|ψ⟩ and ⟨r²⟩'],
    ['$\\Delta t$, $\\langle x\\rangle$, $f\\colon X\\to Y$', 'Δt, ⟨x⟩, f: X→Y'],
    // Units and chemistry.
    ['\\SI{3}{\\kilo\\metre\\per\\second} or \\qty{5.2}{\\micro\\second}', '3 km/s or 5.2 μs'],
    ['\\SIrange{1}{5}{\\meter}, \\num{1e5}, \\ang{45}', '1–5 m, 1×10⁵, 45°'],
    ['\\ce{H2O}, \\ce{SO4^2-} and \\ce{A -> B}', 'H₂O, SO₄²⁻ and A → B'],
    // Pointers.
    ['as shown (see Section~\\ref{a}), and [\\cite{b,c}].', 'as shown, and.'],
    ['By Theorem~\\ref{a} and Eq.~(\\ref{b}) it holds', 'By Theorem … and Eq. … it holds'],
    ['the bound of \\citep[p.~3]{a} is tight\\footnote{See https://a.example.}.', 'the bound of […] is tight.'],
    // Dashes and quotation marks.
    ['bees --- and ants -- hum; Metropolis--Hastings', 'bees — and ants – hum; Metropolis–Hastings'],
    ["a \"bee'' and ''ant'' and `wasp'", 'a "bee” and “ant” and ‘wasp’'],
    // Environments and breaks.
    ['\\begin{equation}x=1\\end{equation} and \\begin{itemize}\\item a \\item b\\end{itemize}', 'x=1 and • a • b'],
    ['one\\\\two \\verb|three|', 'one two three'],
    ['$\\rtimes$ $\\lessapprox$ $\\leftrightarrows$ $\\bigcup$ $\\varpi$ \\dag', '⋊ ⪅ ⇆ ⋃ ϖ †'],
  ])('when it is %j, then it reads %j', (written, read) => {
    expect(plain(written)).toBe(read);
  });
});

describe('what a capture leaves', () => {
  test.each([
    ['60times faster', '60× faster'],
    ['1248times1248', '1248×1248'],
    ['{pm1, pm i}', '{±1, ±i}'],
    ['O(d + ell)', 'O(d + ℓ)'],
    ['the ell_1 norm', 'the ℓ₁ norm'],
    ['with mgg 1', 'with m ≫ 1'],
    ['an epsilon-stationary point', 'an ε-stationary point'],
    ['with pi approx 3.14', 'with pi ≈ 3.14'],
    ['(Phi_R) in O(N^2)', '(Φ_R) in O(N²)'],
    ['faster inference.Transformers, though', 'faster inference. Transformers, though'],
    ['on ADE20K.Code is here', 'on ADE20K. Code is here'],
    ['in \\mathbbR^2 with \\mathcalO(n) and \\textbffast', 'in ℝ² with O(n) and fast'],
    ['emph{per se} and \\ell_1', 'per se and ℓ₁'],
    ['a set of extbf{reference points}, extit{e.g.}, corals', 'a set of reference points, e.g., corals'],
    ['an end-to-end mph{learnable} reef', 'an end-to-end learnable reef'],
    ['as shown cite{Reef_2015} and later', 'as shown and later'],
    ['corals)footnote{Code at url{https://reefs.example.org/a}.} grow', 'corals) grow'],
    ['See url{https://reefs.example.org/a_b}.', 'See https://reefs.example.org/a_b.'],
    ['here: href{https://reefs.example.org/}{the code}', 'here: the code'],
    ['oracles\\footnote{Here $\\widetilde{O}$ hides $d$, and $x$.} are few', 'oracles are few'],
    [
      'LLaMA\\nobreakdash-3.1 at https://reefs\\allowbreak-lab.example.org',
      'LLaMA-3.1 at https://reefs-lab.example.org',
    ],
    ['Teichm\\""uller maps, R\\’{e}nyi', 'Teichmüller maps, Rényi'],
    ['is hard. \\nWe do it', 'is hard. We do it'],
  ])('when it is %j, then it reads %j', (captured, read) => {
    expect(plain(captured)).toBe(read);
  });

  test('when a title lost the space behind its colon, then it is put back; an abstract keeps its colons', () => {
    expect(plain('MTQA:Matrix of Thought for Answers', 'title')).toBe('MTQA: Matrix of Thought for Answers');
    expect(plain('std:Vector of things', 'abstract')).toBe('std:Vector of things');
  });
});

test('when a formula is raised or lowered, then the HTML has real elements', () => {
  expect(htmlOf(latexToText('$O(n^2)$ and $x_{i<j}$'))).toBe('O(n<sup>2</sup>) and x<sub>i&lt;j</sub>');
  expect(htmlOf(latexToText('\\emph{$k^2$-Center} Clustering'))).toBe('<em>k<sup>2</sup>-Center</em> Clustering');
});

test('when a formula of chemistry stands in prose, then its number alone is lowered', () => {
  expect(htmlOf(latexToText('N_2O, H_2O-rich ice'))).toBe('N<sub>2</sub>O, H<sub>2</sub>O-rich ice');
  expect(htmlOf(latexToText('a loss L_2D and x_1'))).toBe('a loss L<sub>2D</sub> and x<sub>1</sub>');
});

describe('what looks alike and is none', () => {
  test.each([
    'It costs $5 and $10, or US$5/$6.',
    'between $1,000 and $2,000 for $HOME$PATH, from $ 5 to $ 6',
    'A* and D* search, 2 * 3 * 4',
    'my_var_name, snake_case, torch.Tensor and np.float32 in file.Name',
    'C:\\Users\\new file',
    'https://a.example/~x/b_c_2^3*y*?q=%20&r=$a$',
    'sim2real with RPM 5, at 5 pm 30 people came three times',
    'the beta version, alpha channel, egg 1 and a well of 3',
    'x ~ N, about ~5, 10~20',
    '{a, b} is a set; f(x) = {y}',
    'e.g., i.e., et al., No. 5, v1.2.3',
    'it takes approx. 5 minutes',
    'we use --flag and -x',
    '100 % sure; 3 times; sometimes; pm; ell-bow? no: elbow',
  ])('when the text is %j, then it stays as it is', (text) => {
    expect(plain(text)).toBe(text);
  });

  const word = fc.constantFrom(
    ..."the model learns of times many pmod egg well bell sim alpha beta gamma O(n) 2D 3D GPT-4 T5 a b (see below) 50% 3.5 $5 C++ C# R&D x/y I/O «q» “q” naïve 漢字 😀 e.g. i.e. https://x.example/a_b?c=d#e A* f(x) {a} [1] ~ = < > + - – — | @me #1 path/to/file.py my_var; it's".split(
      ' ',
    ),
  );
  test('when text holds no residue, then it comes out unchanged', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        const text = words.join(' ');
        expect(plain(text)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

test('when anything at all comes in, then it ends in bounded time without an error', () => {
  const nasty = fc.array(
    fc.constantFrom(
      '\\',
      '{',
      '}',
      '$',
      '^',
      '_',
      '~',
      '*',
      '\\frac',
      '\\textbf{',
      '\\href{',
      '}{',
      '://',
      '`',
      "'",
      'a',
      ' ',
      'times',
      '9',
    ),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(nasty, (parts) => {
      const marked = latexToText(parts.join(''));
      expect(plainOf(marked).length).toBeLessThan(10 * parts.join('').length + 10);
      expect(htmlOf(marked)).not.toContain('<script');
    }),
    { numRuns: 300 },
  );
});

interface Truth {
  digests: {
    entries: {
      title: string;
      abstract: string;
      residues: { where: 'title' | 'abstract'; kind: string; text: string }[];
    }[];
  }[];
}

const truthFile = sharedPath('seeds', 'seeds-truth.json');

describe.skipIf(!truthFile)('the residues of the two real digests', () => {
  const truth = truthFile ? (JSON.parse(readFileSync(truthFile, 'utf8')) as Truth) : { digests: [] };
  const entries = truth.digests.flatMap((digest) => digest.entries);
  const found = entries.flatMap((entry) =>
    entry.residues.map((residue) => ({ ...residue, source: entry[residue.where] })),
  );

  test('when a residue is listed, then it is gone', () => {
    expect(found.length).toBeGreaterThan(70);
    for (const { where, text, source, kind } of found) {
      const shown = plain(cleanText(source), where);
      // A bare word goes only where it stands as the residue: «ell» is part of «well».
      const gone = kind.startsWith('stripped')
        ? new RegExp(`(?<![\\p{L}])${text.replace(/[\\^${}()|.*+?[\]]/g, '\\$&')}(?!\\p{L})`, 'u')
        : text;
      if (typeof gone === 'string') expect(shown, kind).not.toContain(gone);
      else expect(shown, kind).not.toMatch(gone);
    }
  });

  test('when an entry lists none, then it comes out unchanged', () => {
    for (const entry of entries.filter(({ residues }) => residues.length === 0)) {
      for (const where of ['title', 'abstract'] as const)
        expect(plain(cleanText(entry[where]), where)).toBe(
          cleanText(entry[where]).replace(/(?<=\w ?)--(?= ?\w)/g, '–'),
        );
    }
  });
});
