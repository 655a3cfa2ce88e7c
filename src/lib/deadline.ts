/** A signal with a time limit, and what ends the waiting for it. */
export interface Deadline {
  signal: AbortSignal;
  /** Lets go of the timer; to be called once the work is done. */
  done: () => void;
}

/**
 * Sets a time limit, in milliseconds, to work that may also be stopped by another signal. Holds its timer itself: in
 * Node 20 the parts of `AbortSignal.any` may be collected as garbage before they fire, and what hangs hangs for ever.
 */
export function deadline(milliseconds: number, stop?: AbortSignal): Deadline {
  const controller = new AbortController();
  const end = () => controller.abort(stop?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    milliseconds,
  );
  if (stop?.aborted) end();
  else stop?.addEventListener('abort', end, { once: true });
  const done = () => {
    clearTimeout(timer);
    stop?.removeEventListener('abort', end);
  };
  return { signal: controller.signal, done };
}
