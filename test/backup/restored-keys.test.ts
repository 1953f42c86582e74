/** What a restore writes: nothing that has passed, nothing that would delete in a member, and suspended what differs there. */
import { describe, expect, it } from 'vitest';
import type { StoredKey } from '../../src/backup/etcd/etcd-file.js';
import { heldBack } from '../../src/backup/restore/held-back.js';
import { restoredKeys } from '../../src/backup/restore/restored-keys.js';

const stored = (key: string, value: unknown, leased = false): StoredKey => ({
  key,
  value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  leased,
});

const workKey = '/registry/work.karmada.io/works/karmada-es-m1/web-1';
const otherKey = '/registry/work.karmada.io/works/karmada-es-m1/other-2';
const bindingKey = '/registry/work.karmada.io/resourcebindings/shop/web-deployment';
const policyKey = '/registry/policy.karmada.io/propagationpolicies/shop/web';
const globalBindingKey = '/registry/work.karmada.io/clusterresourcebindings/red-clusterrole';
const globalPolicyKey = '/registry/policy.karmada.io/clusterpropagationpolicies/all';

const bound = { 'resourcebinding.karmada.io/namespace': 'shop', 'resourcebinding.karmada.io/name': 'web-deployment' };
const chosen = { 'propagationpolicy.karmada.io/namespace': 'shop', 'propagationpolicy.karmada.io/name': 'web' };

const work = (name: string, annotations?: object) => ({
  kind: 'Work',
  metadata: { namespace: 'karmada-es-m1', name, ...(annotations && { annotations }) },
  spec: {
    suspendDispatching: false,
    preserveResourcesOnDeletion: false,
    workload: { manifests: [{ kind: 'Deployment' }] },
  },
});
const keys: readonly StoredKey[] = [
  stored(policyKey, {
    kind: 'PropagationPolicy',
    metadata: { namespace: 'shop', name: 'web', generation: 4 },
    spec: { placement: {} },
  }),
  stored(bindingKey, {
    metadata: { namespace: 'shop', name: 'web-deployment', annotations: chosen },
    spec: { replicas: 4 },
  }),
  stored(workKey, work('web-1', bound)),
  stored(otherKey, work('other-2')),
];

const written = (
  found: readonly StoredKey[],
  held: Iterable<string> = [],
  kept = new Map<string, Buffer>(),
  present: Iterable<string> = [],
) =>
  new Map(
    restoredKeys(found, { held: new Set(held), kept, present: new Set(present) }).map(({ key, value }) => [
      key,
      value.toString(),
    ]),
  );
const specOf = (text: string | undefined) => (JSON.parse(text ?? '{}') as { spec: unknown }).spec;

const unset = { suspension: null, preserveResourcesOnDeletion: null };

describe('what is held back', () => {
  it('is the Work with its binding and its policy', () => {
    const held = heldBack(keys, [workKey]);
    expect([...held.keys].sort()).toEqual([policyKey, bindingKey, workKey].sort());
    expect(held.policies).toEqual([{ kind: 'PropagationPolicy', namespace: 'shop', name: 'web', before: unset }]);
    expect(held.loose).toEqual([]);
  });

  it('is found through bindings and policies without namespace', () => {
    const global = [
      stored(globalPolicyKey, { metadata: { name: 'all' }, spec: {} }),
      stored(globalBindingKey, {
        metadata: { name: 'red-clusterrole', annotations: { 'clusterpropagationpolicy.karmada.io/name': 'all' } },
      }),
      stored(workKey, work('web-1', { 'clusterresourcebinding.karmada.io/name': 'red-clusterrole' })),
    ];
    const held = heldBack(global, [workKey]);
    expect([...held.keys].sort()).toEqual([globalPolicyKey, globalBindingKey, workKey].sort());
    expect(held.policies).toEqual([
      { kind: 'ClusterPropagationPolicy', namespace: undefined, name: 'all', before: unset },
    ]);
  });

  it('is named once, whatever number of Works a policy has', () => {
    const second = stored(workKey.replace('m1', 'm2'), work('web-1', bound));
    expect(heldBack([...keys, second], [workKey, second.key]).policies).toHaveLength(1);
  });

  it('cannot be held where no policy is known', () => {
    expect(heldBack(keys, [otherKey])).toEqual({ keys: new Set(), policies: [], loose: [otherKey] });
    const withoutPolicy = keys.filter(({ key }) => key !== policyKey);
    expect(heldBack(withoutPolicy, [workKey])).toMatchObject({ policies: [], loose: [workKey] });
    const withoutBinding = keys.filter(({ key }) => key !== bindingKey);
    expect(heldBack(withoutBinding, [workKey])).toMatchObject({ policies: [], loose: [workKey] });
  });
});

describe('what a restore writes', () => {
  it('leaves out access that is no more, and no other binding', () => {
    const [revoked, granted] = ['karmada-eks:alice:1', 'shop/karmada-eks:bob:2'];
    const keysOf = [
      `/registry/clusterrolebindings/${revoked}`,
      `/registry/rolebindings/${granted}`,
      '/registry/clusterrolebindings/ops',
      '/registry/clusterroles/karmada-eks:view',
    ];
    const found = keysOf.map((key) => stored(key, 'x'));
    expect([...written(found, [], new Map(), [`/registry/rolebindings/${granted}`]).keys()]).toEqual(keysOf.slice(1));
  });

  it('leaves out what ends by itself and what only etcd’s revisions mean', () => {
    const passing = [
      stored('/registry/masterleases/10.0.0.1', 'x'),
      stored('/registry/events/shop/web.1', 'x'),
      stored('/registry/leases/kube-system/karmada-scheduler', 'x'),
      stored('/registry/something', 'x', true),
      stored('compact_rev_key', '6000'),
    ];
    const lasting = stored('/registry/configmaps/shop/leases', 'k8s\0binary');
    expect([...written([...passing, lasting])]).toEqual([['/registry/configmaps/shop/leases', 'k8s\0binary']]);
  });

  it('lets no Work delete anything in its member, and changes nothing else of what is not held', () => {
    const all = written(keys);
    expect(specOf(all.get(workKey))).toEqual({ ...work('x').spec, preserveResourcesOnDeletion: true });
    expect(all.get(policyKey)).toBe(keys[0]?.value.toString());
    expect(all.get(bindingKey)).toBe(keys[1]?.value.toString());
  });

  it('leaves a Work alone that Karmada does not write again, and leaves out one that was being deleted', () => {
    const ending = { ...work('web-1', bound), metadata: { ...work('web-1').metadata, deletionTimestamp: 'then' } };
    expect([...written([stored(workKey, ending), ...keys.slice(3)])]).toEqual([
      [otherKey, JSON.stringify(work('other-2'))],
    ]);
  });

  it('suspends what is held, and notes on the policy how it was', () => {
    const all = written(keys, [policyKey, bindingKey, workKey]);
    expect(specOf(all.get(workKey))).toMatchObject({ suspendDispatching: true, preserveResourcesOnDeletion: true });
    expect(specOf(all.get(otherKey))).toMatchObject({ suspendDispatching: false });
    expect(specOf(all.get(bindingKey))).toEqual({
      replicas: 4,
      suspension: { dispatching: true },
      preserveResourcesOnDeletion: true,
    });
    const policy = JSON.parse(all.get(policyKey) ?? '') as { metadata: { annotations: Record<string, string> } };
    expect(policy).toEqual({
      kind: 'PropagationPolicy',
      metadata: {
        namespace: 'shop',
        name: 'web',
        generation: 4,
        annotations: { 'karmada-eks/held-by-restore': '{"suspension":null,"preserveResourcesOnDeletion":null}' },
      },
      spec: { placement: {}, suspension: { dispatching: true }, preserveResourcesOnDeletion: true },
    });
  });

  it('notes what a person had suspended, once: a second restore finds its own suspension', () => {
    const suspension = { scheduling: true, dispatchingOnClusters: { clusterNames: ['m2'] } };
    const own = stored(policyKey, { metadata: { name: 'web' }, spec: { suspension } });
    const first = written([own], [policyKey]).get(policyKey) ?? '';
    expect(specOf(first)).toMatchObject({ suspension: { scheduling: true, dispatching: true } });
    expect(specOf(first)).not.toHaveProperty('suspension.dispatchingOnClusters');
    const second = written([stored(policyKey, first)], [policyKey]).get(policyKey);
    expect(second).toBe(first);
    expect(first).toContain(JSON.stringify(JSON.stringify({ suspension, preserveResourcesOnDeletion: null })));
    const bound = [stored(bindingKey, JSON.parse(keys[1]?.value.toString() ?? '')), keys[2] as StoredKey];
    const [again] = heldBack([stored(policyKey, first), ...bound], [workKey]).policies;
    expect(again?.before).toEqual({ suspension, preserveResourcesOnDeletion: null });
  });

  it('keeps the credentials of today', () => {
    const secret = '/registry/secrets/karmada-cluster/m1';
    const kept = new Map([[secret, Buffer.from('new')]]);
    expect(written([stored(secret, 'old')], [], kept).get(secret)).toBe('new');
    expect(written([], [], kept).size).toBe(0);
  });

  it('writes as it is what is no object', () => {
    expect(written([stored(workKey, 'not JSON')], [workKey]).get(workKey)).toBe('not JSON');
    expect(written([stored(workKey, '{"kind":"Work"}')]).get(workKey)).toBe('{"kind":"Work"}');
  });
});
