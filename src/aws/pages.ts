/** Reads all pages of a paginated answer. */

/** Calls `page` with each token in turn until there is none, and concatenates the pages. */
export async function allPages<T>(
  page: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    all.push(...items);
    token = next;
  } while (token !== undefined && token !== '');
  return all;
}
