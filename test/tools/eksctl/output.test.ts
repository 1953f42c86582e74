/** What eksctl prints, and what of it is shown. */
import { expect, it } from 'vitest';
import { meaningOf, reasonIn } from '../../../src/tools/eksctl/output.js';
import { recordedAnswer } from '../recorded-answers.js';

const at = '2026-03-01 10:00:00';

it.each([
  ['ℹ', 'creating addon: aws-ebs-csi-driver'],
  ['ℹ', 'node "ip-10-0-1-7.eu-west-1.compute.internal" is ready'],
  ['✔', 'EKS cluster "demo" in "eu-west-1" region is ready'],
  ['ℹ', 'deleting EKS cluster "demo"'],
])('shows [%s] %s', (mark, text) => {
  expect(meaningOf(`${at} [${mark}]  ${text}`)).toBe(text);
});

it.each([
  ['building cluster stack "eksctl-demo-cluster"', 'building cluster stack …-cluster'],
  ['deploying stack "eksctl-a-cluster-of-a-long-name-cluster"', 'deploying stack …-cluster-of-a-long-name-cluster'],
  ['building managed nodegroup stack "eksctl-demo-nodegroup-n"', 'building managed nodegroup stack …-nodegroup-n'],
  ['waiting for CloudFormation stack "eksctl-demo-addon-vpc-cni"', 'waiting for stack …-addon-vpc-cni'],
  ['waiting for CloudFormation stack "another"', 'waiting for CloudFormation stack "another"'],
])('shortens the name of a stack: %s', (text, shown) => {
  expect(meaningOf(`${at} [ℹ]  ${text}`)).toBe(shown);
});

it.each([
  `${at} [ℹ]  eksctl version 0.230.0`,
  `${at} [ℹ]  using region eu-west-1`,
  `${at} [!]  Auto Mode will become the default`,
  `${at} [✖]  deploying`,
  'deploying stack "without a prefix"',
  `${at} deploying stack "without a mark"`,
  '',
])('keeps %j to itself', (line) => {
  expect(meaningOf(line)).toBeUndefined();
});

it('reports why the control plane could not be made, in the words of CloudFormation', () => {
  const { stdout, stderr } = recordedAnswer('eksctl/create-cluster-without-control-plane');
  expect(reasonIn(`${stdout}\n${stderr}`)).toBe('AWS::EKS::Cluster/ControlPlane: CREATE_FAILED –\u00a0"no capacity"');
});

it('knows no reason for nodes that did not come: eksctl tells none', () => {
  const { stdout, stderr } = recordedAnswer('eksctl/create-cluster-without-nodes');
  expect(reasonIn(`${stdout}\n${stderr}`)).toMatch(/^waiter state transitioned to Failure; failed to create cluster "/);
});

it('does not take what CloudFormation cancelled for the reason', () => {
  const output = `${at} [✖]  AWS::IAM::Policy/PolicyA: CREATE_FAILED – "Resource creation cancelled"
${at} [✖]  AWS::EKS::Cluster/ControlPlane: CREATE_FAILED – "UnsupportedAvailabilityZoneException"`;
  expect(reasonIn(output)).toContain('UnsupportedAvailabilityZoneException');
});

it('else joins its last error lines, each once', () => {
  const output = `${at} [✖]  waiter state transitioned to Failure
${at} [✖]  waiter state transitioned to Failure
Error: failed to create nodegroups for cluster "x"`;
  expect(reasonIn(output)).toBe('waiter state transitioned to Failure; failed to create nodegroups for cluster "x"');
});

it('knows no reason when nothing was said', () => {
  expect([reasonIn(''), reasonIn(`${at} [ℹ]  fine`)]).toEqual([undefined, undefined]);
});
