/** One whole life of a fleet: planned, made, looked at, shown, made again without a change, taken away without a trace. */
import { beforeAll, describe, expect, it } from 'vitest';
import { resourceIds } from '../rehearsal/resources.js';
import type { Ended } from './cli.js';
import {
  changes,
  down,
  expectGone,
  fleetFiles,
  fleetFolder,
  kubeconfig,
  kubeconfigPath,
  newMachine,
  otherRegion,
  readyStatus,
  region,
  succeed,
} from './fleet.js';

const members = ['name=one', `name=far,region=${otherRegion}`, 'name=two,mode=pull'];
const up = ['up', '--region', region, '--vpc', 'main', '--yes', ...members.flatMap((each) => ['--member', each])];

describe.sequential('a fleet of a push member, a push member far away and a pull member', { shuffle: false }, () => {
  const account = newMachine();
  const before = resourceIds(account);
  let made: Ended;

  beforeAll(async () => {
    made = await succeed(account, up);
  }, 60_000);

  it('is made in about the time of its slowest cluster', () => {
    const report = made.events.at(-1);
    expect(report).toMatchObject({ type: 'run-finished', report: { ok: true, failed: [], notStarted: [] } });
    const minutes = report?.type === 'run-finished' ? report.report.ms / 60_000 : 0;
    expect(minutes).toBeGreaterThan(18);
    expect(minutes).toBeLessThan(28);
    expect(made.stdout).toContain('fleet karmada is up: 3 members');
  });

  it('leaves nothing to do', async () => {
    const planned = await succeed(account, 'plan');
    expect(planned.stdout).toBe('fleet karmada: nothing to do\n');
    expect(changes(planned)).toEqual([]);
  });

  it('is Ready, with every part of it', async () => {
    const status = await readyStatus(account);
    expect(status).toMatchObject({
      fleet: 'karmada',
      region,
      clusters: [
        { name: 'karmada-parent', role: 'parent', region, status: 'ACTIVE', nodes: 3, nodesReady: 3 },
        { name: 'one', role: 'member', region, status: 'ACTIVE', nodes: 3, nodesReady: 3 },
        { name: 'far', role: 'member', region: otherRegion, status: 'ACTIVE', nodes: 3, nodesReady: 3 },
        { name: 'two', role: 'member', region, status: 'ACTIVE', nodes: 3, nodesReady: 3 },
      ],
      controlPlane: {
        answers: true,
        server: expect.stringMatching(/^https:\/\/[\w-]+\.elb\.us-west-2\.amazonaws\.com:32443$/),
        // This machine's address and the NAT gateway of the pull member.
        sourceRanges: ['192.0.2.10/32', '198.51.100.1/32'],
      },
      members: [
        { name: 'one', mode: 'push', ready: true },
        { name: 'far', mode: 'push', ready: true, region: otherRegion },
        { name: 'two', mode: 'pull', ready: true },
      ],
    });
  });

  it('divides nginx 3/3/6 and takes it away again', async () => {
    const { stdout } = await succeed(account, 'demo');
    expect(stdout).toContain('nginx is divided 3/3/6');
    const left = Object.values(account.state.apis).flatMap(({ objects }) =>
      Object.keys(objects).filter((key) => key.includes('karmada-eks-demo')),
    );
    expect(left).toEqual([]);
  });

  it('is not changed by a second up', async () => {
    const again = await succeed(account, up);
    expect(again.stdout).toBe('fleet karmada is up to date: nothing to do\n');
    expect(changes(again)).toEqual([]);
  });

  it('has its contexts beside the user’s own, whose current one stays', () => {
    const text = account.state.files[kubeconfigPath] ?? '';
    for (const context of ['karmada-apiserver', 'karmada-parent', 'one', 'far', 'two', 'home']) {
      expect(text).toContain(`name: ${context}\n`);
    }
    expect(text).toContain('current-context: home\n');
    expect(account.state.files[`${kubeconfigPath}.before-karmada-eks`]).toBe(kubeconfig);
  });

  it('keeps no secret in its logs and its journal', () => {
    const kept = fleetFiles(account).filter((path) => path.startsWith('logs/') || path === 'journal.jsonl');
    expect(kept.length).toBeGreaterThan(10);
    for (const path of kept) {
      const text = account.state.files[`${fleetFolder}/${path}`] ?? '';
      expect(text, path).not.toMatch(/PRIVATE KEY|client-key-data|\b[a-z0-9]{6}\.[a-z0-9]{16}\b/);
    }
  });

  it('goes without a trace', async () => {
    const gone = await succeed(account, down);
    expect(gone.stdout).toContain('fleet karmada deleted: no tagged resources remain');
    expectGone(account, before);
    expect(fleetFiles(account)).toContain('journal.jsonl');
  });
});
