/** What is said of a cluster that is not whole: what is added, what is replaced with consent, and what is left as it is. */
import { expect, it } from 'vitest';
import { wantedAddons } from '../../../src/steps/cluster/cluster-config.js';
import { type ClusterState, impairedParts, missingParts } from '../../../src/steps/cluster/cluster-state.js';

type Active = Extract<ClusterState, { kind: 'active' }>;

const whole: Active = {
  kind: 'active',
  cluster: { status: 'ACTIVE' },
  nodeGroup: { nodegroupName: 'nodes', status: 'ACTIVE' },
  nodes: 'nothing',
  readyNodes: undefined,
  addons: [],
  impaired: [],
  admins: [],
};
const degraded: Pick<Active, 'nodeGroup' | 'nodes'> = {
  nodeGroup: {
    nodegroupName: 'nodes',
    status: 'DEGRADED',
    health: { issues: [{ code: 'AutoScalingGroupNotFound', message: 'it is gone' }] },
  },
  nodes: 'impaired',
};
const broken = { name: 'vpc-cni', addon: { addonName: 'vpc-cni', status: 'DEGRADED' as const } };
const keeps = { replacesNodes: false, replacesAddons: false };
const replaces = { replacesNodes: true, replacesAddons: true };

function told(state: ClusterState, choices = keeps) {
  return { missing: missingParts(choices, state), impaired: impairedParts(choices, state) };
}

it('nothing of one that is whole', () => {
  expect(told(whole)).toEqual({ missing: [], impaired: [] });
});

it('what is to be made', () => {
  const states: readonly ClusterState[] = [
    { kind: 'absent' },
    { kind: 'in-progress', what: 'EKS cluster one is CREATING' },
    { kind: 'failed', what: 'EKS cluster one is FAILED' },
    { ...whole, nodeGroup: undefined, nodes: 'making' },
    { ...whole, nodes: 'waiting' },
    { ...whole, addons: [{ name: 'coredns', addon: undefined }], admins: ['arn:aws:iam::1:role/ops'] },
  ];
  expect(states.map((state) => told(state))).toMatchInlineSnapshot(`
    [
      {
        "impaired": [],
        "missing": [
          "the whole cluster",
        ],
      },
      {
        "impaired": [],
        "missing": [
          "EKS cluster one is CREATING; waiting for it",
        ],
      },
      {
        "impaired": [],
        "missing": [
          "EKS cluster one is FAILED: deleted, then recreated",
        ],
      },
      {
        "impaired": [],
        "missing": [
          "node group nodes (missing)",
        ],
      },
      {
        "impaired": [],
        "missing": [
          "node group nodes (ACTIVE)",
        ],
      },
      {
        "impaired": [],
        "missing": [
          "add-on coredns (missing)",
          "access entry of arn:aws:iam::1:role/ops",
        ],
      },
    ]
  `);
});

it('what does not work well, and is replaced with consent alone', () => {
  const state = {
    ...whole,
    ...degraded,
    impaired: [broken, { name: 'coredns', addon: undefined, standIn: 'a Deployment coredns' }],
  };
  expect([told(state), told({ ...state, readyNodes: 2 }), told(state, replaces)]).toMatchInlineSnapshot(`
    [
      {
        "impaired": [
          "node group nodes (DEGRADED: it is gone): its nodes are kept; --replace-nodes replaces all of them",
          "add-on vpc-cni (DEGRADED): left unchanged; --replace-addons removes and re-adds it",
          "add-on coredns (missing): not added, because the cluster has a Deployment coredns; --replace-addons adds it",
        ],
        "missing": [],
      },
      {
        "impaired": [
          "node group nodes (DEGRADED: it is gone): 2 of its nodes are Ready and kept; --replace-nodes replaces all of them",
          "add-on vpc-cni (DEGRADED): left unchanged; --replace-addons removes and re-adds it",
          "add-on coredns (missing): not added, because the cluster has a Deployment coredns; --replace-addons adds it",
        ],
        "missing": [],
      },
      {
        "impaired": [],
        "missing": [
          "node group nodes (DEGRADED: it is gone): replaced",
          "add-on vpc-cni (DEGRADED): replaced",
          "add-on coredns (missing): added",
        ],
      },
    ]
  `);
});

it.each([
  ['aws', ['vpc-cni', 'kube-proxy', 'coredns', 'metrics-server']],
  ['aws-us-gov', ['vpc-cni', 'kube-proxy', 'coredns']],
])('a member in partition %s has these add-ons', (partition, names) => {
  const caller = { partition, account: '111122223333', arn: '' };
  expect(wantedAddons({ caller }, { role: 'member' }).map(({ name }) => name)).toEqual(names);
});
