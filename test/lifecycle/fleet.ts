/** The account, the machine and the questions that the lifecycle tests share. */
import { expect } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addVpc, type VpcVariant } from '../../src/rehearsal/vpcs.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli, type Ended, isChange, type RunOptions } from './cli.js';

export const region = 'us-west-2';
export const otherRegion = 'eu-west-1';

/** What the tests type most: one push and one pull member beside the parent. */
export const smallUp = `up --region ${region} --vpc main --yes --member name=one --member name=two,mode=pull`;
export const down = 'down --yes --confirm karmada';

export const kubeconfigPath = '/home/you/.kube/config';
export const fleetFolder = `/home/you/.local/share/karmada-eks/fleets/111122223333/${region}/karmada`;

/** The id of the fleet, as this machine's record has it. */
export function fleetId({ state }: Account): string {
  const { request } = JSON.parse(state.files[`${fleetFolder}/fleet.json`] ?? '{}') as { request: { id: string } };
  expect(request.id).toMatch(/^[0-9a-z]{12}\.111122223333\.us-west-2$/);
  return request.id;
}

/** `down` as a machine without a record has to ask for it: with the id, as tags tell it. */
export function downById({ state }: Account): string {
  const tags = Object.values(state.regions).flatMap(({ clusters, stacks }) =>
    [...Object.values(clusters), ...stacks].map((each) => each.tags['karmada-eks/fleet']),
  );
  const id = tags.find((tag) => tag?.endsWith(`.${region}`) === true);
  return `${down} --fleet-id ${id ?? expect.unreachable('no tag of a fleet')}`;
}

/** What somebody had in their kubeconfig before, with a comment and an order of their own. */
export const kubeconfig = `# mine
apiVersion: v1
kind: Config
current-context: home
preferences: {}
contexts:
- context:
    cluster: home
    user: me
  name: home
clusters:
- cluster:
    server: https://192.0.2.1:6443
  name: home
users:
- name: me
  user:
    token: "secret"
`;

/** An account with a VPC `main` in two regions, on a machine whose user has a kubeconfig. */
export function newMachine(variant: VpcVariant = 'full'): Account {
  const account = newAccount();
  for (const each of [region, otherRegion]) addVpc(account, { region: each, name: 'main', variant });
  account.state.files[kubeconfigPath] = kubeconfig;
  return account;
}

/** Runs and expects exit code 0; the end of what was printed is shown when it is not. */
export async function succeed(
  account: Account,
  words: string | readonly string[],
  options?: RunOptions,
): Promise<Ended> {
  const ended = await cli(account, words, options);
  expect(ended.code, `${String(words)}\n${ended.stderr.split('\n').slice(-12).join('\n')}`).toBe(0);
  return ended;
}

/** What `status -o json` says; expects the fleet to be Ready. */
export async function readyStatus(account: Account, more = ''): Promise<Record<string, unknown>> {
  const { stdout } = await succeed(account, `status -o json${more}`);
  const status = JSON.parse(stdout) as Record<string, unknown>;
  expect(status).toMatchObject({ ready: true });
  return status;
}

/** Expects that a `down` left nothing in AWS, nothing in the kubeconfig, and on the machine only logs, the journal and backups. */
export function expectGone(account: Account, before: readonly string[]): void {
  expect(resourceIds(account)).toEqual(before);
  expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
  expect(fleetFiles(account).filter((path) => !/^(logs\/.*|journal\.jsonl|backups\/[^/]*\.tar)$/.test(path))).toEqual(
    [],
  );
}

/** The files in the fleet's folder, sorted, from there. */
export function fleetFiles(account: Account): readonly string[] {
  return Object.keys(account.state.files)
    .filter((path) => path.startsWith(`${fleetFolder}/`))
    .map((path) => path.slice(fleetFolder.length + 1))
    .sort();
}

/** The calls of a process that changed something in AWS or in a cluster. */
export function changes({ calls }: Ended): readonly string[] {
  return calls.map(({ key }) => key).filter((key) => isChange(key));
}
