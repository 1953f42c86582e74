/** Clusters of every kind join a fleet which is there, and nothing else is touched. */
import { describe, expect, it } from 'vitest';
import { regionsTag } from '../../src/state/find-fleet.js';
import { addPlainCluster, eksKubeconfig, plainKubeconfig } from '../rehearsal/plain-clusters.js';
import { resourceIds } from '../rehearsal/resources.js';
import { cli } from './cli.js';
import { changes, down, fleetFolder, otherRegion, readyStatus, region, succeed } from './fleet.js';
import { arnOfProd, joinable, karmadaIn, memberIn, resourcesOfOthers, setContexts, withContexts } from './joinable.js';

const prod = 'prod-eu-51006711';

describe('an existing EKS cluster', () => {
  it('joins with its region and the zones of its nodes, and leaves nothing to do', async () => {
    const account = await joinable();
    const joined = await succeed(account, 'join --cluster shop --yes');
    expect(joined.stderr).toContain('EKS cluster shop in us-west-2 → member shop (push)\n');
    expect(joined.stdout).toContain('shop joined fleet karmada: 3 members\n');
    expect(memberIn(account, 'shop')).toMatchObject({
      spec: { syncMode: 'Push', provider: 'aws', region, zones: ['us-west-2a', 'us-west-2b'] },
    });
    const again = await succeed(account, 'join --cluster shop --yes');
    expect(again.stdout).toBe('already in fleet karmada: shop; nothing to do\n');
    expect(changes(again)).toEqual([]);
    expect((await succeed(account, 'up --yes')).stdout).toBe('fleet karmada is up to date: nothing to do\n');
  });

  it('gets a name that Karmada takes, which is shown before it is used', async () => {
    const account = await joinable();
    const { stderr } = await succeed(account, `join --cluster ${otherRegion}/Prod_EU --yes`);
    const told = stderr.indexOf(`EKS cluster Prod_EU in ${otherRegion} → member ${prod} (push)`);
    expect(told).toBeGreaterThanOrEqual(0);
    expect(told).toBeLessThan(stderr.search(/^\+00:00 \d+ steps/m));
    expect(memberIn(account, prod)).toMatchObject({ spec: { region: otherRegion } });
  });

  it('is the same by its name, its ARN and a context', async () => {
    const account = await joinable();
    await succeed(account, `join --cluster ${arnOfProd} --yes`);
    for (const same of [`--cluster ${otherRegion}/Prod_EU`, `--context ${arnOfProd}`]) {
      const { stdout } = await succeed(account, `join ${same} --yes`, withContexts);
      expect(stdout).toBe(`already in fleet karmada: ${prod}; nothing to do\n`);
    }
  });

  it('lists its region on the parent, where machines that know nothing look for it', async () => {
    const account = await joinable();
    const tags = (): string | undefined => account.state.regions[region]?.clusters['karmada-parent']?.tags[regionsTag];
    expect(tags()).toBe(region);
    await succeed(account, `join --cluster ${otherRegion}/Prod_EU --yes`);
    expect(tags()).toBe(`${region} ${otherRegion}`);
  });
});

describe('a context', () => {
  it('joins with the provider, region and zones of its nodes', async () => {
    const account = await joinable();
    const joined = await succeed(account, 'join --context kind-edge --yes', withContexts);
    expect(joined.stderr).toContain('context kind-edge → member kind-edge (push)\n');
    expect(memberIn(account, 'kind-edge')).toMatchObject({
      spec: { syncMode: 'Push', provider: 'kind', region: 'attic', zones: ['a', 'b'] },
    });
    await readyStatus(account);
    expect(joined.calls.filter(({ key }) => key.startsWith('exec eksctl ') && key !== 'exec eksctl version')).toEqual(
      [],
    );
  });

  it('that only this machine can reach is warned of, unless an agent calls from there', async () => {
    const account = await joinable();
    const api = addPlainCluster(account, { name: 'laptop', server: 'https://127.0.0.1:6443' });
    setContexts(account, [plainKubeconfig(api, 'kind-laptop')]);
    const warning = 'warning: context kind-laptop points to https://127.0.0.1:6443, which Karmada cannot reach';
    const pushed = await cli(account, 'join --context kind-laptop', { ...withContexts, leaves: true });
    expect(pushed.stderr).toContain(warning);
    const pull = 'join --context kind-laptop --mode pull --source 198.51.100.77/32';
    expect((await cli(account, pull, { ...withContexts, leaves: true })).stderr).not.toContain('warning');
  });

  it('that works with another role is taken as it is, also where it leads to EKS', async () => {
    const account = await joinable();
    const text = eksKubeconfig(account, { region: otherRegion, name: 'Prod_EU' }, 'Prod as Admin');
    const config = JSON.parse(text) as { users: { user: { exec: { args: string[] } } }[] };
    config.users[0]?.user.exec.args.push('--role-arn', 'arn:aws:iam::111122223333:role/Admin');
    setContexts(account, [JSON.stringify(config)]);
    const { stderr } = await succeed(account, ['join', '--context', 'Prod as Admin', '--yes'], withContexts);
    expect(stderr).toMatch(/^context Prod as Admin → member prod-as-admin-[0-9a-f]{8} \(push\)$/m);
  });

  it('is gone from the fleet, and nothing of Karmada in it, after down', async () => {
    const account = await joinable();
    await succeed(account, `join --context kind-edge --context ${arnOfProd} --cluster shop --yes`, withContexts);
    expect(karmadaIn(account)).not.toEqual([]);
    await succeed(account, down, withContexts);
    expect(karmadaIn(account)).toEqual([]);
    expect(resourceIds(account)).toEqual(await resourcesOfOthers());
  });
});

describe('pull members', () => {
  it('are let through the load balancer before they are registered, and nobody loses his place', async () => {
    const account = await joinable();
    const joined = await succeed(account, `join --cluster shop --cluster ${otherRegion}/Prod_EU --mode pull --yes`);
    const keys = joined.commands.map(({ key }) => key);
    const opened = keys.findIndex((key) => /^exec kubectl patch .*karmada-service-loadbalancer/.test(key));
    const registered = keys.findIndex((key) => key.startsWith('exec kubectl-karmada register'));
    expect(opened).toBeGreaterThanOrEqual(0);
    expect(registered).toBeGreaterThan(opened);
    expect(await readyStatus(account)).toMatchObject({
      controlPlane: { sourceRanges: ['192.0.2.10/32', '198.51.100.1/32', '198.51.100.2/32'] },
    });
  });

  it('of no known address want it said', async () => {
    const account = await joinable();
    await succeed(account, 'join --context kind-edge --mode pull --source 198.51.100.77/32 --yes', withContexts);
    expect(await readyStatus(account)).toMatchObject({
      controlPlane: { sourceRanges: ['192.0.2.10/32', '198.51.100.1/32', '198.51.100.77/32'] },
    });
  });
});

describe('the parent itself', () => {
  it('is a push member that Karmada reaches from inside', async () => {
    const account = await joinable();
    const { stderr } = await succeed(account, 'join --cluster karmada-parent --yes');
    expect(stderr).toContain('EKS cluster karmada-parent in us-west-2 → member karmada-parent-member (push)\n');
    const member = memberIn(account, 'karmada-parent-member');
    expect(member).toMatchObject({ spec: { apiEndpoint: 'https://kubernetes.default.svc', syncMode: 'Push' } });
    await readyStatus(account);
    expect((await succeed(account, 'demo')).stdout).toContain('nginx is divided');
    expect((await succeed(account, 'join --cluster karmada-parent --yes')).stdout).toContain('nothing to do');
    await succeed(account, down);
  });
});

describe('several in one call', () => {
  it('are made, adopted and taken by context in parallel', async () => {
    const account = await joinable();
    const words = `join --cluster shop --context kind-edge --member name=far,region=${otherRegion},vpc=main,mode=pull --yes`;
    const { stdout } = await succeed(account, words, withContexts);
    expect(stdout).toMatch(/^added cost +about 0\.45 USD per hour/m);
    expect(stdout).toContain('shop, kind-edge, far joined fleet karmada: 5 members\n');
    await readyStatus(account);
  });

  it('are those of a file that the fleet does not have yet', async () => {
    const account = await joinable();
    account.state.files['/home/you/fleet.yaml'] = `
members:
  - name: one
  - { name: two, mode: pull }
  - { name: store, cluster: shop, existing: true, mode: pull }
  - { name: edge, context: kind-edge }
`;
    const joined = await succeed(account, 'join --config fleet.yaml --yes', withContexts);
    expect(joined.stdout).toContain('store, edge joined fleet karmada: 4 members\n');
    await readyStatus(account);
    const up = await succeed(account, 'up --config fleet.yaml --yes', withContexts);
    expect(up.stdout).toBe('fleet karmada is up to date: nothing to do\n');
  });
});

describe('up', () => {
  it('takes the same kinds of members', async () => {
    const account = await joinable();
    const members = [
      'name=one',
      'name=two,mode=pull',
      'name=store,cluster=shop,existing=true,mode=pull,sources=198.51.100.7/32+198.51.100.8/32',
      'name=edge,context=kind-edge',
    ];
    const words = ['up', '--yes', ...members.flatMap((each) => ['--member', each])];
    await succeed(account, words, withContexts);
    const status = await readyStatus(account);
    expect(status).toMatchObject({
      controlPlane: { sourceRanges: ['192.0.2.10/32', '198.51.100.1/32', '198.51.100.7/32', '198.51.100.8/32'] },
      members: [{ name: 'one' }, { name: 'two' }, { name: 'store' }, { name: 'edge' }],
    });
  });
});

describe('join', () => {
  it('concerns no other member, and no other region', async () => {
    const account = await joinable();
    await succeed(account, `join --cluster ${otherRegion}/Prod_EU --yes`);
    const down = [`aws * ${otherRegion}`, 'exec * one *', 'exec * two *', `exec * ${prod} *`];
    const faults = down.map((call) => ({ call, kind: 'fail' as const, times: -1 }));
    const joined = await succeed(account, 'join --cluster shop --mode pull --yes', { faults });
    expect(joined.stdout).toContain('shop joined fleet karmada: 4 members\n');
    const touched = joined.calls.filter(({ key }) => new RegExp(`${otherRegion}|\\b(one|two|${prod})\\b`).test(key));
    expect(touched).toEqual([]);
  });

  it('works on a machine that never saw the fleet', async () => {
    const account = await joinable();
    for (const path of Object.keys(account.state.files)) {
      if (path.startsWith(fleetFolder)) delete account.state.files[path];
    }
    await succeed(account, `join --cluster shop --mode pull --yes --fleet karmada --region ${region}`);
    expect(await readyStatus(account)).toMatchObject({ members: [{ name: 'one' }, { name: 'two' }, { name: 'shop' }] });
  });
});
