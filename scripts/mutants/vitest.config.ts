/** How the tests run against mutants: the quick files, those next to the code first, in one thread that ends at the first failure. */
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * A mutant that nothing notices meets every test: they must be over in a minute or two. Those of other folders are left out, and those that try
 * a run at every event; a thread has no umask and no terminal.
 */
const leftOut = [
  'test/{docs,errors,faults,fences,iam,install,lab,package,property,rehearsal,support,ui,world}/**',
  'test/lifecycle/{kill-*,interrupt,half-made*,unjoin-killed,back-and-forth,join-many,concurrency,cases}.test.ts',
  'test/lifecycle/{internal,kubeconfig-foreseen,kubeconfig-list,kubeconfig-real-files,layouts,reconcile,two-machines}.test.ts',
  'test/{cli/{kept-help,rehearsed-screens,start-up},commands/status/watch,commands/up/terminal}.test.ts',
  'test/tools/{install,karmada}/**',
  'test/tools/kubectl/generated-user-kubeconfigs.test.ts',
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
    exclude: [...configDefaults.exclude, ...leftOut],
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
