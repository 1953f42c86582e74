/** What doctor says of all but the VPC: tools, credentials, quotas, clusters, downloads. */
import { describe, expect, it } from 'vitest';
import { newAccount } from '../../src/rehearsal/account.js';
import { addExistingCluster } from '../../src/rehearsal/existing-clusters.js';
import type { Fault } from '../../src/rehearsal/faults.js';
import { upsert } from '../../src/rehearsal/kube/api-server/store.js';
import { defaultVersions } from '../../src/rehearsal/machine/tools.js';
import { addVpc } from '../../src/rehearsal/vpcs.js';
import { cli } from '../lifecycle/cli.js';
import { newMachine, region, smallUp } from '../lifecycle/fleet.js';
import { diagnosed, told } from './diagnosed.js';

const denied = (call: string): Fault => ({ call, kind: 'fail', code: 'AccessDeniedException', times: -1 });

describe('tools', () => {
  it('that are missing or of a broken version are errors, each with where to get it', async () => {
    const { eksctl: _, ...others } = defaultVersions;
    const found = await diagnosed(newMachine(), [], { tools: { ...others, 'kubectl-karmada': 'v1.17.1' } });
    expect([found.code, found.wrong]).toEqual([3, ['error tools']]);
    expect(told(found, 'tools')).toContain('eksctl is not on PATH | karmada-eks runs it | ');
    expect(told(found, 'tools')).toMatch(
      /kubectl-karmada v?1\.17\.1 is not supported; .* is required .* 1\.17\.0 to 1\.17\.2/,
    );
  });

  it('of another version than the Karmada that is requested are an error', async () => {
    const found = await diagnosed(newMachine(), ['--karmada-version', '1.18.1']);
    expect(found.wrong).toEqual(['error karmada-version']);
  });
});

describe('credentials', () => {
  it('that end soon are a warning', async () => {
    const account = newMachine();
    const found = await diagnosed(account, [], { credentialsExpireAt: account.now() + 30 * 60_000 });
    expect([found.code, found.wrong]).toEqual([0, ['warning credentials']]);
    expect(told(found, 'credentials')).toContain('expire in 30 minutes');
  });

  it('that have ended are one error, and AWS is asked nothing more', async () => {
    const account = newMachine();
    const found = await diagnosed(account, [], { credentialsExpireAt: account.now() - 1 });
    expect([found.code, found.wrong]).toEqual([3, ['error credentials', 'unknown vpc']]);
    expect(found.awsCalls).toEqual(['sts:GetCallerIdentity']);
    expect(found.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['tools', 'crds']));
  });

  it('of another account than that of a fleet of the name are a warning', async () => {
    const account = newMachine();
    await cli(account, smallUp, { killAt: 5 });
    account.state.accountId = '999999999999';
    expect((await diagnosed(account)).wrong).toEqual(['warning account']);
  });
});

describe('quotas', () => {
  it('that leave no room for the nodes are an error, with the numbers and the request', async () => {
    const account = newMachine();
    account.state.quotas = { 'L-1216C47A': 16 };
    const found = await diagnosed(account);
    expect([found.code, found.wrong]).toEqual([3, ['error quota-vcpus']]);
    expect(told(found, 'quota-vcpus')).toContain(
      '0 of 16 vCPUs of On-Demand Standard instances are in use; needed: 18 more',
    );
    expect(told(found, 'quota-vcpus')).toContain('--quota-code L-1216C47A --desired-value 18 --region us-west-2');
    expect((await diagnosed(account, ['--members', '1'])).wrong).toEqual([]);
    expect((await diagnosed(account, ['--members', '1', '--instance-type', 'm5.xlarge'])).code).toBe(3);
  });

  it('are no second problem of an instance type that the region does not have', async () => {
    const found = await diagnosed(newMachine(), ['--instance-type', 't3.nano']);
    expect([found.code, found.wrong]).toEqual([3, ['error instance-type']]);
    expect(found.findings.map(({ id }) => id)).not.toContain('quota-vcpus');
  });

  it('count what runs already', async () => {
    const account = newAccount();
    const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
    const subnetIds = privateSubnets.map(({ id }) => id);
    addExistingCluster(account, { region, name: 'other', vpcId: vpc.id, subnetIds, nodes: 7, version: '1.35' });
    account.state.quotas = { 'L-1216C47A': 31 };
    expect(told(await diagnosed(account), 'quota-vcpus')).toContain('14 of 31');
    account.state.quotas = { 'L-1216C47A': 32 };
    expect((await diagnosed(account)).wrong).toEqual([]);
  });

  it.each([
    ['L-1194D53C', 'quota-clusters', '0 of 2 EKS clusters are in use; needed: 3 more', 2],
    ['L-69A177A2', 'quota-nlb', '0 of 0 Network Load Balancers are in use; needed: 1 more', 0],
    ['L-858F3967', 'quota-oidc', '0 of 2 OIDC providers are in use; needed: 3 more', 2],
    ['L-FE177D64', 'quota-roles', '0 of 9 IAM roles are in use; needed: 10 more', 9],
  ])('%s that is too low is an error', async (code, id, text, value) => {
    const account = newMachine();
    account.state.quotas = { [code]: value };
    const found = await diagnosed(account);
    expect(found.wrong).toEqual([`error ${id}`]);
    expect(told(found, id)).toContain(text);
  });

  it('of Elastic IPs matter only where a NAT gateway is missing', async () => {
    for (const [variant, wrong] of [
      ['full', []],
      ['no-nat', ['warning nat', 'warning quota-eip']],
    ] as const) {
      const account = newMachine(variant);
      account.state.quotas = { 'L-0263D0A3': variant === 'full' ? 1 : 0 };
      expect((await diagnosed(account)).wrong).toEqual(wrong);
    }
  });

  it('that may not be read are not known, which is no failure', async () => {
    const found = await diagnosed(newMachine(), [], { faults: [denied('aws servicequotas:*')] });
    expect([found.code, found.counts.error, found.counts.unknown]).toEqual([0, 0, 5]);
    expect(told(found, 'quota-vcpus')).toContain('could not check: reading quota L-1216C47A in us-west-2 failed');
  });

  it('of other families of instances are not known', async () => {
    const found = await diagnosed(newMachine(), ['--instance-type', 'g5.xlarge']);
    expect(found.wrong).toContain('unknown quota-vcpus');
  });

  it('are not asked for when every cluster exists', async () => {
    const account = newMachine();
    await cli(account, smallUp);
    const { awsCalls, wrong } = await diagnosed(account, ['--member', 'name=one', '--member', 'name=two,mode=pull']);
    expect(wrong).toEqual([]);
    expect(awsCalls.filter((call) => call.startsWith('servicequotas'))).toEqual([]);
  });
});

describe('clusters', () => {
  const withParent = (version = '1.35') => {
    const account = newAccount();
    const { vpc, privateSubnets } = addVpc(account, { region, name: 'main' });
    const subnetIds = privateSubnets.map(({ id }) => id);
    addExistingCluster(account, { region, name: 'karmada-parent', vpcId: vpc.id, subnetIds, version });
    return account;
  };

  it('of somebody else are an error, unless they are to be used', async () => {
    const found = await diagnosed(withParent());
    expect([found.code, found.wrong]).toEqual([3, ['error cluster-names']]);
    expect((await diagnosed(withParent(), ['--use-existing'])).wrong).toEqual([]);
  });

  it('in extended support, or near it, are a warning', async () => {
    const extended = await diagnosed(withParent('1.33'), ['--use-existing']);
    expect(told(extended, 'cluster-versions')).toContain('karmada-parent: Kubernetes 1.33 is in extended support');
    const near = await diagnosed(newMachine(), ['--kubernetes-version', '1.34']);
    expect([near.code, told(near, 'kubernetes-version')]).toEqual([
      0,
      expect.stringContaining('standard support of Kubernetes 1.34 ends on 2026-12-02'),
    ]);
  });

  it('with an AWS Load Balancer Controller are a warning', async () => {
    const account = withParent();
    const api = Object.values(account.state.apis)[0];
    expect(api).toBeDefined();
    if (api === undefined) return;
    upsert(
      api,
      'mutatingwebhookconfigurations',
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'aws-load-balancer-webhook' },
      },
      account.now(),
    );
    const found = await diagnosed(account, ['--use-existing']);
    expect([found.code, found.wrong]).toEqual([0, ['warning load-balancer-controller']]);
  });

  it('whose earlier try left a stack are a warning; somebody else’s stack is an error', async () => {
    const account = newMachine();
    account.state.conditions.push({ kind: 'control-plane-fails', cluster: 'one', reason: 'no capacity', times: 1 });
    await cli(account, smallUp);
    const members = ['--member', 'name=one', '--member', 'name=two,mode=pull'];
    const found = await diagnosed(account, members);
    expect([found.code, found.wrong]).toEqual([0, ['warning stacks']]);
    expect(told(found, 'stacks')).toContain(
      'stack eksctl-one-cluster remains from an earlier attempt: ROLLBACK_COMPLETE',
    );
    for (const stack of account.region(region).stacks) delete stack.tags['karmada-eks/fleet'];
    expect((await diagnosed(account, members)).wrong).toEqual(['error stacks']);
  });
});

describe('steps', () => {
  it('that refuse what is there are errors; where all is up none does', async () => {
    const account = newMachine();
    await cli(account, smallUp);
    const one = ['--member', 'name=one'];
    const found = await diagnosed(account, [...one, '--member', 'name=two,mode=pull']);
    expect(found.findings).toContainEqual(expect.objectContaining({ id: 'steps', severity: 'ok' }));
    const changed = await diagnosed(account, [...one, '--member', 'name=two,mode=push']);
    expect([changed.code, changed.wrong]).toEqual([3, ['error steps']]);
    expect(told(changed, 'steps')).toContain('it is a pull member');
  });
});

describe('downloads', () => {
  const down = (url: string): Fault => ({
    call: `http ${url}`,
    kind: 'fail',
    message: 'getaddrinfo ENOTFOUND',
    times: -1,
  });

  it('of the CRDs that fail are an error, unless there is a file', async () => {
    const faults = [down('https://github.com/*')];
    const found = await diagnosed(newMachine(), [], { faults });
    expect([found.code, found.wrong]).toEqual([3, ['error crds']]);
    expect(told(found, 'crds')).toContain('getaddrinfo ENOTFOUND | download it elsewhere and set --crds FILE');
    const account = newMachine();
    account.state.files['/home/you/crds.tar.gz'] = 'archive';
    expect((await diagnosed(account, ['--crds', 'crds.tar.gz'], { faults })).wrong).toEqual([]);
  });

  it('of the images that fail are a warning: the nodes pull them', async () => {
    const found = await diagnosed(newMachine(), [], { faults: [down('https://registry-1.docker.io/*')] });
    expect([found.code, found.wrong]).toEqual([0, ['warning registry']]);
  });
});

it('warns of an API that is open to everyone, and refuses without an address of this machine', async () => {
  expect((await diagnosed(newMachine(), ['--allow', '0.0.0.0/0'])).wrong).toEqual(['warning source-ranges']);
  expect((await diagnosed(newMachine(), [], { publicAddress: null })).wrong).toEqual(['error source-ranges']);
});

it('tells every error of a call that up needs, and continues with the rest', async () => {
  const found = await diagnosed(newMachine(), [], { faults: [denied('aws ec2:DescribeNatGateways*')] });
  expect([found.code, found.wrong]).toEqual([3, ['error vpc']]);
  expect(found.counts.ok).toBeGreaterThan(10);
});
