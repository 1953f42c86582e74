/** Which Karmada is installed, which tool is on this machine, and which agents run: shown, and told where they differ. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { textAt } from '../../src/rehearsal/json.js';
import { defaultVersions } from '../../src/rehearsal/machine/tools.js';
import { diagnosed } from '../doctor/diagnosed.js';
import { changes, newMachine, region, smallUp, succeed } from './fleet.js';

const newer = { tools: { ...defaultVersions, 'kubectl-karmada': 'v1.19.0' } };
const older = { tools: { ...defaultVersions, 'kubectl-karmada': 'v1.18.1' } };
const { 'kubectl-karmada': _, ...others } = defaultVersions;
const none = { tools: others };

const install = 'karmada-eks tools install --only kubectl-karmada --kubectl-karmada-version 1.18.2';
const newerWhat = 'kubectl-karmada 1.19.0 is newer than the installed Karmada 1.18.2';
const newerText = `${newerWhat}; an installed Karmada is not upgraded: use the matching version: ${install}`;
const olderText = `kubectl-karmada 1.18.1 is older than the installed Karmada 1.18.2; use the matching version: ${install}`;
const agentText = 'the agent of pull member two has version 1.18.1, Karmada has 1.18.2';
const mixedText = 'components of Karmada have different versions (1.18.1, 1.18.2): an upgrade was not completed';

let made: string;

beforeAll(async () => {
  const account = newMachine();
  await succeed(account, smallUp);
  made = snapshot(account);
});

/** Gives the pods and Deployments of an app in a cluster another image. */
function setImage(account: Account, cluster: string, app: string, image: string): void {
  const objects = account.state.apis[`eks/${region}/${cluster}`]?.objects ?? {};
  for (const object of Object.values(objects)) {
    if (!textAt(object, 'metadata', 'name').startsWith(app)) continue;
    const text = JSON.stringify(object).replaceAll(new RegExp(`"[^"]*/${app}:[^"]*"`, 'g'), JSON.stringify(image));
    Object.assign(object, JSON.parse(text));
  }
}

describe('one version', () => {
  it('is shown by status and clusters, without a warning', async () => {
    const shown = await succeed(restore(made), 'status');
    expect(shown.stdout).toContain('control plane · Karmada 1.18.2 · us-west-2');
    expect(shown.stdout).toMatch(/two +Ready .* · agent 1\.18\.2\n/);
    expect(shown.stdout).toContain('kubectl-karmada 1.18.2 on this machine\n');
    expect(shown.stdout).not.toContain('!');
    const clusters = await succeed(restore(made), 'clusters -o wide');
    expect(clusters.stdout).toMatch(/AGENT/);
    expect(clusters.stdout).toMatch(/two .*1\.18\.2/);
    expect(clusters.stderr).toBe('');
    const { stdout } = await succeed(restore(made), 'status -o json');
    const found = JSON.parse(stdout) as { members: { name: string; agentVersion?: string }[] };
    expect(found).toMatchObject({ kubectlKarmada: '1.18.2', controlPlane: { versions: ['1.18.2'] } });
    expect(found.members.map(({ name, agentVersion }) => [name, agentVersion])).toEqual([
      ['one', undefined],
      ['two', '1.18.2'],
    ]);
  });

  it('is shown by plan and doctor', async () => {
    const { stdout } = await succeed(restore(made), 'plan -o json');
    const { steps } = JSON.parse(stdout) as { steps: { id: string; note?: string; drift?: string[] }[] };
    expect(steps.find(({ id }) => id === 'init-karmada')).toMatchObject({ note: 'Karmada 1.18.2', drift: [] });
    const found = await diagnosed(restore(made), ['--member', 'name=one', '--member', 'name=two,mode=pull']);
    expect(found.findings.find(({ id }) => id === 'karmada-installed')).toMatchObject({
      severity: 'ok',
      what: 'Karmada 1.18.2 is installed, the version of kubectl-karmada and the agent of two too',
    });
  });
});

describe('a kubectl-karmada of another version', () => {
  it('is drift of up and plan with what to do, and nothing is changed', async () => {
    const ended = await succeed(restore(made), smallUp, newer);
    expect(ended.stderr).toBe(`drift: ${newerText}\n`);
    expect(ended.stdout).not.toContain('1.19.0');
    expect(changes(ended)).toEqual([]);
    expect((await succeed(restore(made), 'plan', newer)).stderr).toContain(`drift: ${newerText}\n`);
    expect((await succeed(restore(made), 'plan', older)).stderr).toContain(`drift: ${olderText}\n`);
  });

  it('is told by status and clusters; without one nothing is', async () => {
    const shown = await succeed(restore(made), 'status -o json', newer);
    expect(JSON.parse(shown.stdout)).toMatchObject({ ready: true, kubectlKarmada: '1.19.0', warnings: [newerText] });
    expect((await succeed(restore(made), 'clusters', newer)).stderr).toBe(`${newerText}\n`);
    const without = await succeed(restore(made), 'status', none);
    expect(without.stdout).toContain('Karmada 1.18.2');
    expect(without.stdout).not.toContain('kubectl-karmada');
  });

  it('is told by doctor, which does not call it the one that is installed', async () => {
    const found = await diagnosed(restore(made), ['--member', 'name=one'], newer);
    expect(found.wrong).toContain('warning karmada-installed');
    const [told] = found.findings.filter(({ id }) => id === 'karmada-installed');
    expect(told).toMatchObject({ what: newerWhat, fix: [expect.stringContaining(install)] });
    expect(found.findings.find(({ id }) => id === 'karmada-version')?.what).toBe(
      'a new control plane gets Karmada 1.19.0',
    );
  });
});

describe('images of another version', () => {
  it('of the agent are told by status, doctor and clusters -o wide', async () => {
    const account = restore(made);
    setImage(account, 'two', 'karmada-agent', 'registry.example:5000/karmada/karmada-agent:v1.18.1');
    const status = JSON.parse((await succeed(account, 'status -o json')).stdout) as { warnings: string[] };
    expect(status.warnings).toEqual([agentText]);
    expect((await succeed(account, 'clusters -o wide')).stderr).toBe(`${agentText}\n`);
    // Members are only asked for it there.
    expect((await succeed(account, 'clusters')).stderr).toBe('');
    const found = await diagnosed(account, ['--member', 'name=two,mode=pull']);
    expect(found.findings.find(({ id }) => id === 'karmada-installed')?.what).toBe(agentText);
  });

  it('of a component show an upgrade that was not completed', async () => {
    const account = restore(made);
    setImage(account, 'karmada-parent', 'karmada-scheduler', 'docker.io/karmada/karmada-scheduler:v1.18.1@sha256:0a');
    const { stdout } = await succeed(account, 'status --wait');
    expect(stdout).toContain('Karmada 1.18.1, 1.18.2');
    expect(stdout.replaceAll(/\n {2}/g, ' ')).toContain(mixedText);
  });

  it('without a version leave what was noted when it was installed', async () => {
    const account = restore(made);
    for (const app of ['aggregated-apiserver', 'controller-manager', 'scheduler', 'webhook'])
      setImage(account, 'karmada-parent', `karmada-${app}`, `registry.example/karmada-${app}@sha256:0a`);
    const { stdout } = await succeed(account, 'status --wait -o json');
    expect(JSON.parse(stdout)).toMatchObject({ controlPlane: { versions: ['1.18.2'] } });
  });
});
