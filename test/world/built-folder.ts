/** Gives a run of the tests a folder for the programs that they build, and removes it when the run has ended. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where programs are built: a worker that ends takes nothing away. */
    readonly builtFolder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'karmada-eks-built-'));
  project.provide('builtFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
