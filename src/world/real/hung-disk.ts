/** Counts what was asked of files that gave no answer in time, and is still under way. */

let silent = 0;

/** Whether there is any: no thread of it can be ended, so Node's own exit waits for it. */
export function isDiskHung(): boolean {
  return silent > 0;
}

/** Counts one more until it is over; it must not reject. */
export function countHungCall(late: Promise<unknown>): void {
  silent += 1;
  void late.finally(() => {
    silent -= 1;
  });
}
