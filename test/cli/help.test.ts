/** What `--help` shows: the whole program on one screen, flags in groups, and examples that can be pasted as they are. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.js';
import { helpTexts } from '../../src/cli/help-texts.js';
import { runProgram } from '../../src/cli/program.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { cli } from '../lifecycle/cli.js';

const run = promisify(execFile);
const texts = await helpTexts();
const abouts = Object.keys(texts);
const linesOf = (about: string): readonly string[] => (texts[about] ?? '').trimEnd().split('\n');

/** The lines below `Examples:`, without their margin. */
const examplesOf = (about: string): readonly string[] =>
  linesOf(about)
    .slice(linesOf(about).indexOf('Examples:') + 1)
    .map((line) => line.trim());

const withExamples = [...commandTable.map(({ name }) => name), 'completion'];

/** Takes a line as a shell would, without running it: 0, or the exit code of what is wrong with it. */
async function understood(words: readonly string[]): Promise<number> {
  return await runProgram({
    version: '',
    env: {},
    argv: words,
    width: 80,
    writeOut: () => undefined,
    writeErr: () => undefined,
    withSession: async () => 0,
    refuse: async (_, { exitCode }) => exitCode,
  });
}

it('shows the whole program in 24 lines of 80 columns', () => {
  expect(linesOf('').length).toBeLessThanOrEqual(24);
  expect(texts['']).toMatchInlineSnapshot(`
    "Usage: karmada-eks <command> [flags]

    One command creates a Karmada fleet on Amazon EKS, one deletes it.

    Fleet:
      up          create the fleet, or resume
      plan        show what 'up' would do; changes nothing
      doctor      check everything 'up' needs; changes nothing
      status      show the current state of the fleet
      join        add members: new or existing EKS clusters, or other clusters
      clusters    list the members as Karmada sees them
      kubeconfig  get kubeconfig access, rebuilt from AWS and the parent
      access      grant people access to Karmada, list it, revoke it
      certs       check and renew the certificates of Karmada
      backup      back up Karmada into a file or S3, once or on a schedule
      restore     restore Karmada from a backup; members keep what runs in them
      demo        run nginx in all members, show the division, delete it
      members     rotate the credentials of members
      unjoin      remove members from the fleet; keeps their clusters
      down        delete the fleet

    Also: recover, tools install, completion, support-bundle
    Flags and examples: karmada-eks COMMAND --help; version: -v
    Try it without an AWS account: karmada-eks up --rehearse
    "
  `);
});

it('calls flags flags, as the rest does', () => {
  expect(abouts.map((about) => linesOf(about)[0])).toEqual(
    expect.arrayContaining([
      'Usage: karmada-eks up [flags]',
      'Usage: karmada-eks unjoin [flags] <member...>',
      'Usage: karmada-eks tools <command>',
      'Usage: karmada-eks tools install [flags]',
      'Usage: karmada-eks completion <shell>',
    ]),
  );
  expect(abouts.filter((about) => /option/i.test(texts[about] ?? ''))).toEqual([]);
});

it('has no line of more than 80 columns but examples', () => {
  const long = abouts.flatMap((about) => {
    const end = linesOf(about).indexOf('Examples:');
    return linesOf(about)
      .slice(0, end === -1 ? undefined : end)
      .filter((line) => line.length > 80);
  });
  expect(long).toEqual([]);
});

it('shows flags in groups, the variables in one line', () => {
  expect(texts['unjoin']).toMatchInlineSnapshot(`
    "Usage: karmada-eks unjoin [flags] <member...>

    remove members from the fleet; keeps their clusters

    Arguments:
      member                  names of the members in Karmada

    Fleet:
      --fleet <name>          name of the fleet (default: karmada)
      --region <region>       region of the parent (AWS_REGION is read too)
      --fleet-id <id>         fleet id, as shown by status, to select one of several
                              fleets with the same name
      --profile <name>        AWS profile to use (default: AWS_PROFILE)

    Run:
      --yes                   do not ask for confirmation
      --concurrency <number>  members processed in parallel per region (default: 20)

    Consent, by flag only:
      --force                 remove members that do not respond; what Karmada put
                              into them stays there
      --keep-workloads        keep what Karmada propagated running in clusters that
                              are kept
      --remove-workloads      agree to the deletion of what Karmada propagated to
                              clusters that are kept
      --delete-cluster        also delete the EKS clusters that this fleet created
      --remove-volumes        also delete volumes with users’ data that the clusters
                              leave behind; retained volumes are kept
      --trust-context <name>  use this context of your kubeconfig, which is named
                              only by the description in the parent (repeatable)

    Every command:
      --json                  print one JSON object per line instead of text
      --debug                 show stack traces
      --rehearse              run in a simulated account: no AWS, no tools, no
                              network
      --speed <factor>        rehearsal speed-up factor, 1 to 600 (default: 60)
      -h, --help              show this help

    Each flag is a variable too, --fleet for example KARMADA_EKS_FLEET, except those
    of consent.

    Examples:
      karmada-eks unjoin eu us
      karmada-eks unjoin eu --delete-cluster
      # a member whose cluster does not respond
      karmada-eks unjoin eu --force
    "
  `);
  const headings = linesOf('up').filter((line) => /^\S.*:$/.test(line));
  expect(headings).toMatchInlineSnapshot(`
    [
      "Fleet:",
      "Members:",
      "Clusters:",
      "Karmada:",
      "Access:",
      "Run:",
      "Consent, by flag only:",
      "Every command:",
      "Examples:",
    ]
  `);
  expect(linesOf('up').length).toBeLessThanOrEqual(148);
});

it.each(withExamples)('examples of %s can be pasted: remarks are comments on lines of their own', async (about) => {
  const examples = examplesOf(about);
  expect(examples.filter((line) => /^[^#].*#/.test(line))).toEqual([]);
  expect(examples.some((line) => !line.startsWith('#'))).toBe(true);
  // Syntax alone: nothing is run.
  await run('bash', ['-n', '-c', examples.join('\n')]);
});

it.each(withExamples)('examples of %s are understood', async (about) => {
  const lines = examplesOf(about).flatMap((line) => /karmada-eks ([^>()|]*)/.exec(line.replace(/^#.*/, ''))?.[1] ?? []);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    expect([line, await understood(words.map((word) => word.replaceAll('"', '')))]).toEqual([line, 0]);
  }
});

it.each(['-v', '-V', '--version'])('%s is the version', async (flag) => {
  expect(await cli(newAccount(), [flag])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

it('an example with a remark in brackets would not pass', async () => {
  await expect(run('bash', ['-n', '-c', 'karmada-eks up (prompts)'])).rejects.toThrow('syntax error');
  expect(await understood(['up', '--weights', '1,2'])).toBe(2);
});
