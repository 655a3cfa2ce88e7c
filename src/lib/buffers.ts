/** Memory for what is made and thrown away many times a second. */
export interface BufferPool {
  /** Returns at least so many octets, with whatever stood in them before. */
  take(octets: number): Buffer;
  /** Takes memory back; nobody may use it any more. */
  give(buffer: Buffer): void;
}

const SMALLEST = 64 * 1024;
/** Above this, memory is not kept: it is rarely asked for. */
const LARGEST = 1024 * 1024;
/** Buffers of one size that are kept. */
const KEPT = 64;

/**
 * Creates a pool of buffers by powers of two, the one used last first, since it is in the cache. Fresh memory for each mail has to be
 * cleared by the system and found again by the collector of garbage, which is a tenth of the time of sending. Memory that threads
 * share spares them copies, but is written into more slowly (V8 takes care that no octet is torn).
 */
export function createBufferPool({ shared }: { shared: boolean }): BufferPool {
  const shelves = new Map<number, Buffer[]>();
  return {
    take(octets) {
      let size = SMALLEST;
      while (size < octets) size *= 2;
      return (
        shelves.get(size)?.pop() ?? (shared ? Buffer.from(new SharedArrayBuffer(size)) : Buffer.allocUnsafeSlow(size))
      );
    },
    give(buffer) {
      if (buffer.length < SMALLEST || buffer.length > LARGEST) return;
      const shelf = shelves.get(buffer.length) ?? [];
      if (shelf.length < KEPT) shelf.push(buffer);
      shelves.set(buffer.length, shelf);
    },
  };
}
