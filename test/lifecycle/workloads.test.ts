/** What Karmada propagated to members that leave: counted and named before the question, kept or deleted as it was agreed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, region, succeed } from './fleet.js';
import { expectNoTrace, mixedFleet, withLaptop } from './unjoined.js';
import { applyTo, byHand, inNamespace, running, shopObjects } from './workloads.js';

const staying = ['own', 'adopted', 'adopted-pull', 'laptop'];
let made: string;

beforeAll(async () => {
  const account = await mixedFleet();
  await applyTo(account, 'karmada-apiserver', shopObjects(staying));
  for (const member of ['adopted', 'adopted-pull']) await applyTo(account, member, [byHand]);
  made = snapshot(account);
}, 120_000);

function fleet(): Account {
  return restore(made);
}

describe('unjoin of a member with workloads', () => {
  it('is refused with --yes alone, and names what would be deleted and both ways', async () => {
    const account = fleet();
    const refused = await cli(account, 'unjoin own adopted --yes', withLaptop);
    expect(changes(refused)).toEqual([]);
    expect(refused.stdout).toMatchInlineSnapshot(`
      "SCOPE     TO BE DELETED
      own       push member own of Karmada
      own       Karmada’s own objects in own
      adopted   push member adopted of Karmada
      adopted   Karmada’s own objects in adopted
      fleet     contexts own, adopted in your kubeconfig
      parent    own, adopted in the fleet’s description

      TO BE DELETED, REPLACED OR INTERRUPTED
      ACTION   KIND        NAME                             HOLDS                OWNER
      delete   namespace   shop in own                                           propagated by Karmada
      delete   workload    shop/Deployment/web in own       3 replicas running   propagated by Karmada
      delete   workload    shop/Deployment/web in adopted   3 replicas running   propagated by Karmada
      "
    `);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "namespace shop is kept in adopted, with what Karmada did not put there: Deployment/by-hand
      EKS cluster own in us-west-2 is kept: about 0.41 USD per hour, 302.44 per month (730 hours); add --delete-cluster to delete it too
      ✖ this would delete namespace shop in own, delete workload shop/Deployment/web in own, delete workload shop/Deployment/web in adopted; nothing was changed
        why:  --yes does not cover the loss of anything that works or holds data
        next: 1. to agree, add --remove-workloads
              2. or add --keep-workloads: they keep running in their clusters, without Karmada
        code: consent-missing
      "
    `);
    expect(refused.code).toBe(3);
  });

  it.each(staying)('--keep-workloads leaves all of it running in %s', async (name) => {
    const account = fleet();
    const before = running(account, name, 'shop');
    expect(before.length).toBeGreaterThan(3);
    const out = await succeed(account, `unjoin ${name} --keep-workloads --yes`, withLaptop);
    expect(out.stderr).toContain(`shop/Deployment/web is kept in ${name}: 3 replicas running`);
    await account.clock.sleep(120_000);
    expect(running(account, name, 'shop')).toEqual(before);
    expect(JSON.stringify(inNamespace(account, name, 'shop'))).not.toContain('karmada.io');
    expectNoTrace(account, [name]);
  });

  it.each(['adopted', 'adopted-pull'])(
    '--remove-workloads leaves what others put into the namespace in %s',
    async (name) => {
      const account = fleet();
      const before = running(account, name, 'shop').filter((each) => each.includes('by-hand'));
      await succeed(account, `unjoin ${name} --remove-workloads --yes`, withLaptop);
      await account.clock.sleep(120_000);
      expect(running(account, name, 'shop')).toEqual(before);
      expect(Object.keys(inNamespace(account, name, 'shop')).sort()).toMatchInlineSnapshot(`
        [
          "deployments/shop/by-hand",
          "namespaces//shop",
        ]
      `);
    },
  );

  it('--remove-workloads takes away a namespace in which there is nothing else', async () => {
    const account = fleet();
    await succeed(account, 'unjoin own --remove-workloads --yes', withLaptop);
    expect(inNamespace(account, 'own', 'shop')).toEqual({});
  });
});

describe('what cannot be counted', () => {
  it('is reported, and nothing is changed, when Karmada does not tell what it propagated', async () => {
    const faults = [{ call: 'exec kubectl get works*', kind: 'fail', times: -1, message: 'etcd is slow' }] as const;
    const refused = await cli(fleet(), 'unjoin laptop --remove-workloads --yes', { ...withLaptop, faults });
    expect(changes(refused)).toEqual([]);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ workloads in laptop could not be counted; nothing was changed there
        why:  etcd is slow
        next: 1. run the same command again
              2. check Karmada: karmada-eks status --fleet karmada --region us-west-2
        code: workloads-uncounted
      exit 3"
    `);
  });

  it('counts as there: the namespace stays', async () => {
    const account = fleet();
    const faults = [
      { call: 'exec kubectl api-resources*', kind: 'fail', times: -1, message: 'metrics are down' },
    ] as const;
    const out = await succeed(account, 'unjoin own --remove-workloads --yes', { ...withLaptop, faults });
    expect(out.stderr.split('\n')[0]).toMatchInlineSnapshot(
      `"namespace shop is kept in own, because its contents could not be counted: metrics are down"`,
    );
    expect(Object.keys(inNamespace(account, 'own', 'shop'))).toEqual(['namespaces//shop']);
  });

  it('is reported by what Karmada last saw, in a member that only Karmada reaches', async () => {
    const account = fleet();
    const other = Object.keys(account.state.files).filter((path) => path.startsWith(fleetFolder));
    for (const path of other) delete account.state.files[path];
    const words = `unjoin laptop --force --yes --fleet karmada --region ${region}`;
    const refused = await cli(account, words);
    expect(changes(refused)).toEqual([]);
    expect(refused.stdout.slice(refused.stdout.indexOf('ACTION'))).toMatchInlineSnapshot(`
      "ACTION   KIND        NAME                            HOLDS                                                              OWNER
      delete   namespace   shop in laptop                  what could not be counted: your kubeconfig has no context laptop   propagated by Karmada
      delete   workload    shop/Deployment/web in laptop   3 replicas running when last seen by Karmada                       propagated by Karmada
      "
    `);
    expect(said(await cli(account, `${words} --keep-workloads`))).toMatchInlineSnapshot(`
      "✖ workloads in laptop (context laptop) cannot be kept; nothing was changed
        why:  it does not respond to this machine (your kubeconfig has no context laptop), but Karmada reaches it and would delete them
        next: 1. check that its cluster is up, or set KUBECONFIG to the file that contains its context, then run the same command again
              2. or omit --keep-workloads; what would be deleted is shown first
        code: member-silent
      exit 3"
    `);
    await succeed(account, `${words} --remove-workloads`);
    expect(running(account, 'laptop', 'shop')).toEqual([]);
  });
});

it('the two ways are mutually exclusive', async () => {
  const refused = await cli(fleet(), 'unjoin own --keep-workloads --remove-workloads --yes', withLaptop);
  expect(changes(refused)).toEqual([]);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ --keep-workloads and --remove-workloads: expected one of them, got both
      next: omit --keep-workloads or --remove-workloads
      code: invalid-value
    exit 2"
  `);
});

it('the demonstration goes without a question: it is the fleet’s own', async () => {
  const account = fleet();
  await succeed(account, 'demo --keep');
  expect(running(account, 'own-pull', 'default').length).toBeGreaterThan(0);
  const out = await succeed(account, 'unjoin own-pull --yes --remove-workloads');
  expect(out.stdout).not.toContain('karmada-eks-demo');
  expect(running(account, 'own-pull', 'default')).toEqual([]);
});

it('a cluster that is deleted in the same run is not asked about twice', async () => {
  const out = await succeed(fleet(), 'unjoin own --delete-cluster --yes', withLaptop);
  expect(out.stdout).toContain('workloads in namespace shop');
  expect(out.stdout).not.toContain('shop/Deployment/web');
});

describe('down with workloads in members that stay', () => {
  it('needs more than the fleet’s name', async () => {
    const account = fleet();
    const refused = await cli(account, down, withLaptop);
    expect(changes(refused)).toEqual([]);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toMatchInlineSnapshot(`
      "SCOPE          TO BE DELETED
      own            push member own of Karmada
      own-pull       pull member own-pull of Karmada
      adopted        push member adopted of Karmada
      adopted        Karmada’s own objects in adopted
      adopted-pull   pull member adopted-pull of Karmada
      adopted-pull   Karmada’s own objects in adopted-pull
      laptop         push member laptop of Karmada
      laptop         Karmada’s own objects in laptop
      parent         the Karmada control plane and all its state
      parent         the volumes of its etcd
      parent         the Network Load Balancer of the Karmada API
      parent         namespace karmada-system, unless it existed before or others use it
      parent         StorageClass ebs-sc
      parent         EKS cluster karmada-parent in us-west-2 with its nodes, roles and stacks
      own            EKS cluster own in us-west-2 with its nodes, roles and stacks
      own-pull       EKS cluster own-pull in us-west-2 with its nodes, roles and stacks
      adopted        add-on aws-ebs-csi-driver of adopted and its role, if this fleet added them and nothing else uses them
      adopted-pull   add-on aws-ebs-csi-driver of adopted-pull and its role, if this fleet added them and nothing else uses them
      fleet          the fleet’s contexts in /home/you/.kube/config and /home/you/laptop.yaml

      TO BE DELETED, REPLACED OR INTERRUPTED
      ACTION   KIND                    NAME                                  HOLDS                                                                                                                                                             OWNER
      delete   workload                shop/Deployment/web in adopted        3 replicas running                                                                                                                                                propagated by Karmada
      delete   workload                shop/Deployment/web in adopted-pull   3 replicas running                                                                                                                                                propagated by Karmada
      delete   namespace               shop in laptop                                                                                                                                                                                          propagated by Karmada
      delete   workload                shop/Deployment/web in laptop         3 replicas running                                                                                                                                                propagated by Karmada
      delete   Karmada control plane   of fleet karmada in karmada-parent    policy shop/web, namespace shop, Deployment shop/web, ConfigMap default/canary, member adopted, member adopted-pull, member laptop, member own, member own-pull   this fleet (tag and record of its installation)
      delete   EKS cluster             karmada-parent in us-west-2           node group nodes (m5.large), workloads in namespace canary                                                                                                        this fleet (tag, stack and record)
      delete   EKS cluster             own in us-west-2                      node group nodes (m5.large), workloads in namespace canary, workloads in namespace shop                                                                           this fleet (tag, stack and record)
      delete   EKS cluster             own-pull in us-west-2                 node group nodes (m5.large), workloads in namespace canary                                                                                                        this fleet (tag, stack and record)
      "
    `);
    expect(refused.stderr.replace(/^Karmada is backed up first: .*\n/, '')).toMatchInlineSnapshot(`
      "namespace shop is kept in adopted, with what Karmada did not put there: Deployment/by-hand
      namespace shop is kept in adopted-pull, with what Karmada did not put there: Deployment/by-hand
      ✖ this would delete workload shop/Deployment/web in adopted, delete workload shop/Deployment/web in adopted-pull, delete namespace shop in laptop, delete workload shop/Deployment/web in laptop; nothing was changed
        why:  --yes does not cover the loss of anything that works or holds data
        next: 1. to agree, add --remove-workloads
              2. or add --keep-workloads: they keep running in their clusters, without Karmada
        code: consent-missing
      "
    `);
  });

  it('--keep-workloads leaves them running', async () => {
    const account = fleet();
    const kept = ['adopted', 'adopted-pull', 'laptop'];
    const before = kept.map((name) => running(account, name, 'shop'));
    await succeed(account, `${down} --keep-workloads`, withLaptop);
    expect(kept.map((name) => running(account, name, 'shop'))).toEqual(before);
    expectNoTrace(account, kept);
  });
});
