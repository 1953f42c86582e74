/** Reads a page of the documentation. */
import { readFile } from 'node:fs/promises';

/** The text of a file; the path is relative to the repository. */
export async function readDoc(path: string): Promise<string> {
  return await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
}
