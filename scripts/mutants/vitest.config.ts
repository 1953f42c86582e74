/** How the tests run against mutants: the quick files, those next to the code first, in one thread that ends at the first failure. */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Kills and faults at every event take minutes, and need what the others hold to be right; a thread has no umask and no terminal. */
const slow = [
  'test/{docs,faults,fences,install,lab,package,property,rehearsal,world}/**',
  'test/lifecycle/{kill-*,interrupt,half-made*,unjoin-killed,back-and-forth,join-many,concurrency,cases}.test.ts',
  'test/commands/up/terminal.test.ts',
  'test/cli/{kept-help,start-up}.test.ts',
  'test/*.test.ts',
];

class NearTheCodeFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): string => `${moduleId.includes('/lifecycle/') ? 1 : 0}${moduleId}`;
    return files.toSorted((one, other) => rank(one).localeCompare(rank(other)));
  }
}

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    globalSetup: ['test/world/built-folder.ts'],
    setupFiles: ['test/canaries/setup.ts'],
    sequence: { sequencer: NearTheCodeFirst },
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
