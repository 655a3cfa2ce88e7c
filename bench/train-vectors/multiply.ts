/** From this one up to that one, without it. */
export type Range = readonly [from: number, to: number];

/**
 * Scalar products of rows of `a` with rows of `b`, all rows of `length` numbers: product[i · width + j] = aᵢ · bⱼ. Four
 * rows by four at a time, so that sixteen products are made of eight numbers read; the ranges are multiples of four.
 */
export function multiply(
  a: Float32Array,
  b: Float32Array,
  length: number,
  [iFrom, iTo]: Range,
  [jFrom, jTo]: Range,
  product: Float32Array,
  width: number,
): void {
  for (let i = iFrom; i < iTo; i += 4)
    for (let j = jFrom; j < jTo; j += 4) tile(a, i * length, b, j * length, length, product, i * width + j, width);
}

function tile(
  a: Float32Array,
  a0: number,
  b: Float32Array,
  b0: number,
  length: number,
  product: Float32Array,
  at: number,
  width: number,
): void {
  const [a1, a2, a3] = [a0 + length, a0 + 2 * length, a0 + 3 * length];
  const [b1, b2, b3] = [b0 + length, b0 + 2 * length, b0 + 3 * length];
  let p00 = 0,
    p01 = 0,
    p02 = 0,
    p03 = 0,
    p10 = 0,
    p11 = 0,
    p12 = 0,
    p13 = 0;
  let p20 = 0,
    p21 = 0,
    p22 = 0,
    p23 = 0,
    p30 = 0,
    p31 = 0,
    p32 = 0,
    p33 = 0;
  for (let t = 0; t < length; t++) {
    const x0 = a[a0 + t]!;
    const x1 = a[a1 + t]!;
    const x2 = a[a2 + t]!;
    const x3 = a[a3 + t]!;
    const y0 = b[b0 + t]!;
    const y1 = b[b1 + t]!;
    const y2 = b[b2 + t]!;
    const y3 = b[b3 + t]!;
    p00 += x0 * y0;
    p01 += x0 * y1;
    p02 += x0 * y2;
    p03 += x0 * y3;
    p10 += x1 * y0;
    p11 += x1 * y1;
    p12 += x1 * y2;
    p13 += x1 * y3;
    p20 += x2 * y0;
    p21 += x2 * y1;
    p22 += x2 * y2;
    p23 += x2 * y3;
    p30 += x3 * y0;
    p31 += x3 * y1;
    p32 += x3 * y2;
    p33 += x3 * y3;
  }
  put(product, at, p00, p01, p02, p03);
  put(product, at + width, p10, p11, p12, p13);
  put(product, at + 2 * width, p20, p21, p22, p23);
  put(product, at + 3 * width, p30, p31, p32, p33);
}

function put(into: Float32Array, at: number, one: number, two: number, three: number, four: number): void {
  into[at] = one;
  into[at + 1] = two;
  into[at + 2] = three;
  into[at + 3] = four;
}
