/** What goes with a fleet is shown with whose it is, agreed to, and looked at once more when it is its turn. */
import { expect, it } from 'vitest';
import { asked } from './asked-down.js';
import { cli } from './cli.js';
import { region, succeed } from './fleet.js';
import { smallFleet } from './small-fleet.js';
import { useVolume } from './users-volumes.js';

const fleet = smallFleet();
const name = ['type the fleet’s name', 'karmada'] as const;

it('are clusters with their nodes and what runs in them', async () => {
  const account = fleet();
  await useVolume(account, { cluster: 'one', namespace: 'shop' });
  const { stdout } = await cli(account, 'down --yes', { leaves: true });
  expect(stdout).toMatchInlineSnapshot(`
    "USERS’ VOLUME           CLAIM                  CLUSTER            SIZE      RECLAIM POLICY   USD/MONTH   ACTION
    vol-00000000000000065   shop/data-postgres-0   one in us-west-2   100 GiB   Delete           8.00        stays, and costs
    SCOPE    TO BE DELETED
    one      push member one of Karmada
    two      pull member two of Karmada
    parent   the Karmada control plane and all its state
    parent   the volumes of its etcd
    parent   the Network Load Balancer of the Karmada API
    parent   namespace karmada-system, unless it existed before or others use it
    parent   StorageClass ebs-sc
    parent   EKS cluster karmada-parent in us-west-2 with its nodes, roles and stacks
    one      EKS cluster one in us-west-2 with its nodes, roles and stacks
    two      EKS cluster two in us-west-2 with its nodes, roles and stacks
    fleet    the fleet’s contexts in /home/you/.kube/config

    TO BE DELETED, REPLACED OR INTERRUPTED
    ACTION   KIND                    NAME                                 HOLDS                                                                                     OWNER
    delete   Karmada control plane   of fleet karmada in karmada-parent   ConfigMap default/canary, member one, member two                                          this fleet (tag and record of its installation)
    delete   EKS cluster             karmada-parent in us-west-2          node group nodes (m5.large), workloads in namespace canary                                this fleet (tag, stack and record)
    delete   EKS cluster             one in us-west-2                     node group nodes (m5.large), workloads in namespace canary, workloads in namespace shop   this fleet (tag, stack and record)
    delete   EKS cluster             two in us-west-2                     node group nodes (m5.large), workloads in namespace canary                                this fleet (tag, stack and record)
    "
  `);
  const { events } = await succeed(account, 'unjoin one --delete-cluster --yes');
  const began = events.flatMap((event) => (event.type === 'run-started' ? event.agreed : []));
  expect(began.filter(({ kind }) => kind === 'EKS cluster')).toEqual([
    {
      ...{ how: 'delete', kind: 'EKS cluster', name: 'one in us-west-2', flag: '--delete-cluster' },
      holds: ['node group nodes (m5.large)', 'workloads in namespace canary', 'workloads in namespace shop'],
      evidence: 'this fleet (tag, stack and record)',
    },
  ]);
});

it('are not clusters that hold more than was shown', async () => {
  const account = fleet();
  const meanwhile = async (): Promise<void> => {
    await useVolume(account, { cluster: 'one', namespace: 'shop' });
  };
  const { code, events } = await asked(account, [name], { meanwhile });
  expect(code).toBe(4);
  const failed = events.flatMap((event) => (event.type === 'step-failed' ? [event] : []));
  expect(failed.map(({ id, problem }) => `${id}: ${problem.message}, ${problem.why ?? ''}`)).toMatchInlineSnapshot(`
    [
      "undo/create-cluster/one: delete EKS cluster one in us-west-2: stopped before a loss that was not agreed to in this run, delete EKS cluster one in us-west-2, node group nodes (m5.large), workloads in namespace shop",
    ]
  `);
  expect(Object.keys(account.region(region).clusters)).toContain('one');
});

it('are not clusters that are somebody else’s by then', async () => {
  const account = fleet();
  const meanwhile = (): void => {
    const one = account.region(region).clusters['one'];
    if (one !== undefined) one.tags = {};
  };
  await asked(account, [name], { meanwhile });
  expect(Object.keys(account.region(region).clusters)).toEqual(['one']);
});

it('are shown as they are after the questions that came before', async () => {
  const account = fleet();
  await useVolume(account, { cluster: 'one' });
  const meanwhile = (): void => {
    const two = account.region(region).clusters['two'];
    if (two !== undefined) two.tags = {};
  };
  const { text } = await asked(account, [['Also permanently delete this volume', 'n'], name], { meanwhile });
  const told = text.match(/^delete +EKS cluster +\S+/gm)?.map((line) => line.split(/ +/).at(-1));
  expect([...new Set(told)].sort()).toEqual(['karmada-parent', 'one']);
});
