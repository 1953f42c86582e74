/** Counts the file operations that timed out and are still pending. */

let silent = 0;

/** Whether there are any: their threads cannot be stopped, so Node would wait for them on exit. */
export function isDiskHung(): boolean {
  return silent > 0;
}

/** Counts an operation until it settles; it must not reject. */
export function countHungCall(late: Promise<unknown>): void {
  silent += 1;
  void late.finally(() => {
    silent -= 1;
  });
}
