/** A StorageClass of the fleet's name that somebody else made in the parent: used if it will do, refused before any change if not, never deleted. */
import { expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import { findObject, upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { otherKeyIn } from '../../src/steps/karmada/unsuitable-class.js';
import { said } from '../cli/output.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { changes, down, readyStatus, region, smallUp, succeed } from './fleet.js';

const up = `${smallUp} --use-existing`;
const plan = up.replace('up ', 'plan ').replace(' --yes', '');

const good = {
  provisioner: 'ebs.csi.aws.com',
  parameters: { type: 'gp2', encrypted: 'true' },
  volumeBindingMode: 'WaitForFirstConsumer',
};

function parentOf(account: Account) {
  return account.state.apis[`eks/${region}/karmada-parent`] ?? expect.unreachable('no parent');
}

/** A parent that was there before, with a class of the fleet's name. */
function accountWith(found: object): Account {
  const account = newAccount();
  const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
  const subnetIds = privateSubnets.map(({ id }) => id);
  addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds });
  upsert(parentOf(account), 'storageclasses', { metadata: { name: 'ebs-sc' }, ...found }, account.now());
  return account;
}

const classOf = (account: Account) => findObject(parentOf(account), 'storageclasses', '', 'ebs-sc');

it.each(['plan', 'up'])('%s refuses one whose volumes would be unencrypted, kept and anywhere', async (verb) => {
  const account = accountWith({ provisioner: good.provisioner, parameters: { type: 'gp2' }, reclaimPolicy: 'Retain' });
  const before = structuredClone(classOf(account));
  const refused = await cli(account, verb === 'up' ? up : plan);
  expect(said(refused)).toMatchInlineSnapshot(`
    "✖ karmada-parent already has a StorageClass ebs-sc that cannot hold the data of Karmada’s etcd
      why:  its volumes are not encrypted; its volumes stay when their claims are deleted (Retain); its volumes may be made in a zone without nodes (Immediate)
      next: 1. use another cluster as parent
            2. or have its owner delete it if no new claim needs it; volumes and claims that exist stay: kubectl delete storageclass ebs-sc
            3. then run the same command again
      code: storage-class-foreign
    exit 3"
  `);
  expect(changes(refused)).toEqual([]);
  expect(classOf(account)).toEqual(before);
});

it('refuses one of another provisioner', async () => {
  const refused = await cli(accountWith({ ...good, provisioner: 'efs.csi.aws.com', parameters: {} }), plan);
  expect(said(refused)).toContain('its volumes are made by efs.csi.aws.com, not ebs.csi.aws.com');
});

it('refuses one of another KMS key than requested, and tells which tags its volumes do not get', async () => {
  const wanted = `arn:aws:kms:${region}:111122223333:key/of-the-fleet`;
  const other = `arn:aws:kms:${region}:111122223333:key/other`;
  const keyed = (key: object) => accountWith({ ...good, parameters: { ...good.parameters, ...key } });
  const planned = async (key: object) => {
    const { stdout, stderr } = await cli(keyed(key), `${plan} --tag team=a --kms-key ${wanted} --details`);
    return stdout + stderr;
  };
  expect(await planned({})).toContain(`its volumes are encrypted with the account’s default key, not ${wanted}`);
  expect(await planned({ kmsKeyId: other })).toContain(`its volumes are encrypted with ${other}, not ${wanted}`);
  expect(await planned({ kmsKeyId: wanted })).toContain(
    'the existing StorageClass ebs-sc is used; etcd’s volumes do not get team=a',
  );
});

it('takes the id of a key for the key, and no alias', () => {
  const wanted = `arn:aws:kms:${region}:111122223333:key/of-the-fleet`;
  const otherKey = (kmsKeyId: string) => otherKeyIn({ parameters: { kmsKeyId } }, wanted);
  expect(otherKey('of-the-fleet')).toEqual([]);
  expect(otherKey('alias/of-the-fleet')).toHaveLength(1);
  expect(otherKey('fleet')).toHaveLength(1);
  expect(otherKeyIn({}, undefined)).toEqual([]);
});

it('uses one that will do, says so, and leaves it', async () => {
  const account = accountWith(good);
  const before = structuredClone(classOf(account));
  expect((await succeed(account, `${plan} --details`)).stdout).toContain('the existing StorageClass ebs-sc is used');
  await succeed(account, up);
  await readyStatus(account);
  await succeed(account, down);
  expect(classOf(account)).toEqual(before);
});

it.runIf(triesMore)('leaves a fleet alone whose etcd has its volumes already, and tells it', async () => {
  const account = accountWith(good);
  await succeed(account, up);
  const found = classOf(account) ?? expect.unreachable('no class');
  found['parameters'] = { type: 'gp2' };
  const again = await succeed(account, up);
  expect(again.stdout).toContain('nothing to do');
  expect(again.stdout + again.stderr).toContain(
    'etcd’s volumes are of StorageClass ebs-sc of somebody else: its volumes are not encrypted',
  );
});
