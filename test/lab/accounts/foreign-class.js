/** A StorageClass `ebs-sc` of somebody else: one that will not do is refused before the first change, one that will is used, and each stays as it is. */
import { adminKubeconfig, kubernetesApi } from '../kubernetes-api.js';
import { changesIn, ownAddress } from '../session.js';

const name = 'ebs-sc';
const suitable = {
  provisioner: 'ebs.csi.aws.com',
  parameters: { type: 'gp3', encrypted: 'true', iops: '4000' },
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

/** What will not do, and the words for it. */
const unsuitable = [
  [{ ...suitable, reclaimPolicy: 'Retain' }, 'its volumes stay when their claims are deleted (Retain)'],
  [{ ...suitable, parameters: { type: 'gp2' } }, 'its volumes are not encrypted'],
  [{ ...suitable, provisioner: 'example.com/nfs' }, 'its volumes are made by example.com/nfs, not ebs.csi.aws.com'],
];

export function foreignClass({ env, step, run: once, expect, lab, parent }) {
  const inParent = kubernetesApi(env, adminKubeconfig(env, parent));
  const apply = async (fields) => {
    const metadata = { name, labels: { team: 'storage' } };
    await inParent.apply({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, ...fields });
    return await seen();
  };
  const seen = async () =>
    await inParent.kubectl(['get', 'storageclass', name, '-o', 'jsonpath={.metadata.uid} {.metadata.resourceVersion}']);
  let before = '';
  const isKept = async () => {
    const now = await seen();
    expect(now === before, `it was ${before} and is ${now}`);
  };
  const refused = async ([fields, why], verbs) => {
    before = await apply(fields);
    lab.clearCalls();
    const wanted = ['--vpc', 'karmada-vpc', '--crds', env.KARMADA_CRDS, '--allow', ownAddress, '--use-existing'];
    for (const [verb, ...more] of verbs) {
      const { code, stdout, stderr } = await once([verb, ...wanted, '--members', '0', ...more]);
      const told = `${stdout}\n${stderr}`;
      expect(code === 3 && told.includes(why), `${verb} ended with ${code}:\n${told}`);
    }
    console.log(`       ${why}`);
    const changes = changesIn(lab.callCounts());
    expect(changes.length === 0, `it called ${changes.join(', ')}`);
    await isKept();
    const namespaces = await inParent.kubectl(['get', 'namespaces', '-o', 'name']);
    expect(!namespaces.includes('karmada'), namespaces);
    await inParent.kubectl(['delete', 'storageclass', name]);
  };
  return {
    before: async () => {
      await step(`StorageClass ${name} of somebody else: plan and up refuse what will not do`, async () => {
        const [first, ...others] = unsuitable;
        await refused(first, [['plan'], ['up', '--yes']]);
        for (const each of others) await refused(each, [['up', '--yes']]);
      });
      before = await apply(suitable);
    },
    whileUp: (told) =>
      step(`StorageClass ${name} is used as it is, and up says so`, async () => {
        expect(told.includes(`the existing StorageClass ${name} is used`), told);
        await isKept();
        const words = ['-n', 'karmada-system', 'get', 'persistentvolumeclaims'];
        const classes = await inParent.kubectl([...words, '-o', 'jsonpath={.items[*].spec.storageClassName}']);
        expect(classes === `${name} ${name} ${name}`, `claims are of ${classes}`);
      }),
    afterDown: () => step(`down left StorageClass ${name} as it was`, isKept),
  };
}
