/**
 * Everything that leaves the program to change something, whole: what the tools get on standard input, their command lines, the calls
 * of AWS, and the files on this machine. The rehearsal accepts much that AWS would not, or that costs more; here it is seen.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { cli } from '../lifecycle/cli.js';
import { down, fleetFiles, fleetFolder, kubeconfigPath, newMachine, otherRegion, region } from '../lifecycle/fleet.js';
import { goneFleet } from '../lifecycle/leftover-fleet.js';
import { plantAll } from '../lifecycle/leftover-things.js';
import { type Sent, sentBy } from './recorded.js';
import { callList, objectsOf, script, steady, yaml } from './shown.js';

/** Compares each object that a run sent with a file of its own, and answers their names: one more or one less is seen there. */
async function expectObjects(folder: string, { commands }: Sent): Promise<readonly string[]> {
  const objects = objectsOf(commands);
  for (const [name, object] of objects) await expect(yaml(object)).toMatchFileSnapshot(`${folder}/${name}.yaml`);
  return [...objects.keys()].sort();
}

/** Reads `<name>` in the fleet's folder as JSON. */
function jsonOf({ state }: Account, name: string): string {
  return yaml(JSON.parse(state.files[`${fleetFolder}/${name}`] ?? 'null'));
}

const members = `--member name=one --member name=far,region=${otherRegion},mode=pull`;
const plain = `up --region ${region} --vpc main --yes ${members}`;

describe('a fleet with a push member in the parent’s VPC and a pull member in another region', () => {
  const folder = 'two-regions';
  const account = newMachine();
  let up: Sent;

  beforeAll(async () => {
    up = await sentBy(account, `${plain} --admin arn:aws:iam::111122223333:role/ops`);
  });

  it('sends these objects', async () => {
    expect(await expectObjects(folder, up)).toMatchInlineSnapshot(`
      [
        "eksctl.ClusterConfig.far",
        "eksctl.ClusterConfig.karmada-parent",
        "eksctl.ClusterConfig.one",
        "far.Namespace.karmada-cluster",
        "far.Namespace.karmada-system",
        "karmada-parent.ConfigMap.karmada-eks",
        "karmada-parent.Lease.karmada-eks",
        "karmada-parent.Namespace.karmada-system",
        "karmada-parent.PodDisruptionBudget.etcd",
        "karmada-parent.PodDisruptionBudget.karmada-aggregated-apiserver",
        "karmada-parent.PodDisruptionBudget.karmada-apiserver",
        "karmada-parent.PodDisruptionBudget.karmada-controller-manager",
        "karmada-parent.PodDisruptionBudget.karmada-scheduler",
        "karmada-parent.PodDisruptionBudget.karmada-webhook",
        "karmada-parent.PodDisruptionBudget.kube-controller-manager",
        "karmada-parent.Service.karmada-service-loadbalancer",
        "karmada-parent.StatefulSet.etcd",
        "karmada-parent.StorageClass.ebs-sc",
        "one.Namespace.karmada-cluster",
      ]
    `);
  });

  it('runs these commands, and changes nothing in AWS by itself', async () => {
    await expect(script(up.commands)).toMatchFileSnapshot(`${folder}/up.txt`);
    expect(up.calls).toEqual([]);
  });

  it('leaves these files on this machine: no key of Karmada’s CA, and nothing of init', async () => {
    expect(fleetFiles(account).filter((path) => !path.startsWith('logs/'))).toMatchInlineSnapshot(`
      [
        "fleet.json",
        "journal.jsonl",
        "kubeconfigs/far.json",
        "kubeconfigs/karmada-apiserver.json",
        "kubeconfigs/karmada-parent.json",
        "kubeconfigs/one.json",
      ]
    `);
    for (const name of ['karmada-apiserver', 'karmada-parent']) {
      await expect(jsonOf(account, `kubeconfigs/${name}.json`)).toMatchFileSnapshot(
        `${folder}/kubeconfig-${name}.yaml`,
      );
    }
    await expect(jsonOf(account, 'fleet.json')).toMatchFileSnapshot(`${folder}/record.yaml`);
  });

  it('adds these entries to the user’s kubeconfig', async () => {
    await expect(steady(account.state.files[kubeconfigPath] ?? '')).toMatchFileSnapshot(
      `${folder}/users-kubeconfig.yaml`,
    );
  });

  it('is shown, and taken away, by these', async () => {
    const machine = restore(snapshot(account));
    const demo = await sentBy(machine, 'demo');
    expect(await expectObjects(`${folder}/demo`, demo)).toMatchInlineSnapshot(`
      [
        "karmada-apiserver.Deployment.karmada-eks-demo",
        "karmada-apiserver.PropagationPolicy.karmada-eks-demo",
        "karmada-parent.Lease.karmada-eks",
      ]
    `);
    await expect(script(demo.commands)).toMatchFileSnapshot(`${folder}/demo.txt`);
    const gone = await sentBy(machine, down);
    await expect(script(gone.commands)).toMatchFileSnapshot(`${folder}/down.txt`);
    expect(gone.calls).toEqual([]);
  });
});

describe('an internal fleet of larger nodes whose endpoints are limited', () => {
  const folder = 'limited';

  it('sends these objects', async () => {
    const flags =
      '--nodes 5 --instance-type m6i.large --kubernetes-version 1.34 --public-access-cidr 198.51.100.0/24 --internal';
    const up = await sentBy(newMachine(), `${plain.replace('far', 'far,vpc=main')} ${flags}`);
    const shown = objectsOf(up.commands);
    const names = [
      'eksctl.ClusterConfig.karmada-parent',
      'eksctl.ClusterConfig.far',
      'karmada-parent.Service.karmada-service-loadbalancer',
    ];
    for (const name of names) await expect(yaml(shown.get(name))).toMatchFileSnapshot(`${folder}/${name}.yaml`);
  });
});

describe('clusters that existed before', () => {
  const folder = 'existing';

  it('are completed by these commands', async () => {
    const account = newMachine();
    const { vpcs, subnets } = account.region(region);
    const vpcId = vpcs[0]?.id ?? '';
    const subnetIds = subnets.filter((subnet) => subnet.vpcId === vpcId).map(({ id }) => id);
    for (const name of ['karmada-parent', 'one']) addExistingCluster(account, { region, name, vpcId, subnetIds });
    const admin = '--admin arn:aws:iam::111122223333:role/ops';
    const up = await sentBy(
      account,
      `up --region ${region} --vpc main --yes --member name=one --use-existing ${admin}`,
    );
    await expect(script(up.commands)).toMatchFileSnapshot(`${folder}/up.txt`);
    expect(up.calls).toEqual([]);
    const configs = [...objectsOf(up.commands)].filter(([name]) => name.startsWith('eksctl.'));
    expect(configs.map(([name]) => name).sort()).toEqual([
      'eksctl.ClusterConfig.karmada-parent',
      'eksctl.ClusterConfig.one',
      'eksctl.iamserviceaccount.ClusterConfig.karmada-parent',
    ]);
    for (const [name, config] of configs) await expect(yaml(config)).toMatchFileSnapshot(`${folder}/${name}.yaml`);
    const gone = await sentBy(account, down);
    await expect(script(gone.commands)).toMatchFileSnapshot(`${folder}/down.txt`);
    expect(gone.calls).toEqual([]);
  });
});

describe('a parent of which eksctl had made the control plane alone', () => {
  it('is finished by these', async () => {
    const account = newMachine();
    const fault = {
      call: 'exec eksctl create cluster karmada-parent',
      kind: 'die-half-way',
      afterMs: 600_000,
    } as const;
    const words = `up --region ${region} --vpc main --yes --members 0 --admin arn:aws:iam::111122223333:role/ops`;
    expect((await cli(account, words, { faults: [fault] })).code).toBe(4);
    const { commands } = await sentBy(account, words);
    const eksctl = commands.filter(({ tool }) => tool === 'eksctl');
    await expect(script(eksctl)).toMatchFileSnapshot('finished/up.txt');
    for (const [index, { stdin = '{}' }] of eksctl.entries()) {
      await expect(yaml(JSON.parse(stdin))).toMatchFileSnapshot(`finished/ClusterConfig-${index + 1}.yaml`);
    }
  });
});

describe('what a fleet left', () => {
  it('is deleted by these calls', async () => {
    const account = await goneFleet();
    plantAll(account);
    const { commands, calls } = await sentBy(account, `${down} --remove-leftovers`);
    await expect(callList(calls)).toMatchFileSnapshot('leftovers/down-aws.txt');
    expect(commands).toEqual([]);
  });
});
