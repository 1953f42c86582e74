/** The user's kubeconfig comes to no harm: whatever it looks like, whoever else is at it, wherever a run ends. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { substance } from '../tools/kubectl/user-kubeconfigs.js';
import { inThisRun, passAll, upTo } from './cases.js';
import { cli } from './cli.js';
import { down, kubeconfig, kubeconfigPath, succeed } from './fleet.js';
import { machinesOfFleet, mark, merge } from './kubeconfig-machine.js';
import { runWithFiles } from './with-files.js';

const backup = `${kubeconfigPath}.before-karmada-eks`;
let machine: Awaited<ReturnType<typeof machinesOfFleet>>;

beforeAll(async () => {
  machine = await machinesOfFleet();
}, 60_000);

describe('what was there', () => {
  it('leaves nothing when there was no kubeconfig', async () => {
    const account = machine({});
    await succeed(account, merge);
    expect(account.state.files[kubeconfigPath]).toMatch(mark);
    await succeed(account, down);
    expect(Object.keys(account.state.files).filter((path) => path.startsWith('/home/you/.kube'))).toEqual([]);
  });

  it('lets members join and leave when there was no kubeconfig', async () => {
    const account = machine({});
    await succeed(account, merge);
    await succeed(account, 'join --member name=three --yes');
    expect(account.state.files[kubeconfigPath]).toMatch(/^- name: three$|^ {2}name: three$/m);
    await succeed(account, 'unjoin three --yes');
    expect(account.state.files[kubeconfigPath]).not.toContain('three-aws');
    expect(account.state.files[kubeconfigPath]).toMatch(mark);
  });

  it('leaves nothing when there was no kubeconfig and kubectl rewrote it meanwhile', async () => {
    const account = machine({});
    await succeed(account, `${merge} --use-context`);
    const text = account.state.files[kubeconfigPath] ?? '';
    account.state.files[kubeconfigPath] = `${text}preferences: {}\n`;
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toBeUndefined();
  });

  it('keeps what the user came to put into the file that was made', async () => {
    const account = machine({});
    await succeed(account, merge);
    account.state.files[kubeconfigPath] += '- name: mine\n  user: {}\n';
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toContain('- name: mine\n');
  });

  it.each(
    inThisRun([
      ['empty', ''],
      ['only a comment', '# mine'],
      ['without entries', 'apiVersion: v1\nclusters: []\ncontexts: []\ncurrent-context: ""\nkind: Config\nusers: []\n'],
      ['as people write it', kubeconfig],
    ]),
  )('restores what a kubeconfig says, with its comments: %s', async (_, text) => {
    const account = machine({ [kubeconfigPath]: text });
    await succeed(account, merge);
    expect(account.state.files[kubeconfigPath]).toMatch(mark);
    await succeed(account, down);
    expect(substance(account.state.files[kubeconfigPath] ?? '')).toEqual(substance(text));
    expect(account.state.files[backup]).toBe(text);
  });

  it('keeps in the backup what was there before anything of ours, and never our keys', async () => {
    const account = machine();
    await succeed(account, merge);
    account.state.files[kubeconfigPath] = (account.state.files[kubeconfigPath] ?? '').replace(
      'elb.us-west-2',
      'elb.old',
    );
    await succeed(account, merge);
    expect(account.state.files[kubeconfigPath]).not.toContain('elb.old');
    expect(account.state.files[backup]).toBe(kubeconfig);
  });

  it('leaves a malformed kubeconfig alone, names it, and continues when it is fixed', async () => {
    const account = machine({ [kubeconfigPath]: 'clusters: [' });
    const { code, stderr } = await cli(account, merge);
    expect(code).toBe(4);
    expect(stderr).toContain(`the kubeconfig ${kubeconfigPath} cannot be changed, so it was left as it is`);
    expect(stderr).toContain('kubeconfig-malformed');
    expect(account.state.files[kubeconfigPath]).toBe('clusters: [');
    account.state.files[kubeconfigPath] = kubeconfig;
    await succeed(account, merge);
  });

  it('takes the fleet away beside a malformed kubeconfig that has nothing of it', async () => {
    const account = machine({ [kubeconfigPath]: 'clusters: [' });
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toBe('clusters: [');
  });

  it('takes another name where a name is somebody else’s', async () => {
    const text = kubeconfig.replaceAll('home', 'karmada-apiserver');
    const account = machine({ [kubeconfigPath]: text });
    await succeed(account, merge);
    expect(account.state.files[kubeconfigPath]).toContain('- name: karmada-karmada-apiserver\n');
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toBe(text);
  });
});

describe('somebody else at it', () => {
  it('waits for the lock of kubectl, and then sees what kubectl wrote', async () => {
    const account = machine({ [kubeconfigPath]: kubeconfig, [`${kubeconfigPath}.lock`]: '' });
    const theirs = kubeconfig.replace('current-context: home', 'current-context: theirs');
    const running = succeed(account, merge);
    await account.clock.sleep(5_000);
    account.state.files[kubeconfigPath] = theirs;
    delete account.state.files[`${kubeconfigPath}.lock`];
    await running;
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toBe(theirs);
  });

  it('gives up on a lock that stays, removes neither it nor anything else, and reports which file it is', async () => {
    const account = machine({ [kubeconfigPath]: kubeconfig, [`${kubeconfigPath}.lock`]: '' });
    const { code, stderr } = await cli(account, merge);
    expect(code).toBe(4);
    expect(stderr.slice(stderr.indexOf('✖'))).toMatchInlineSnapshot(`
      "✖ /home/you/.kube/config is locked by another program
        why:  /home/you/.kube/config.lock exists and is not released
        next: 1. when no kubectl is running, remove /home/you/.kube/config.lock
              2. run the same command again
        code: kubeconfig-locked
      the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
      "
    `);
    expect(account.state.files).toMatchObject({ [kubeconfigPath]: kubeconfig, [`${kubeconfigPath}.lock`]: '' });
  });

  it('lets two runs come at the same moment', async () => {
    const account = machine();
    await Promise.all([succeed(account, merge), succeed(account, merge)]);
    const text = account.state.files[kubeconfigPath] ?? '';
    expect(text.split(mark)).toHaveLength(1 + 3 * 4);
  });
});

describe('the end in the middle', () => {
  const isUsers = (path: string): boolean => path.startsWith('/home/you/.kube/');

  /** How often a run touches the user's files, before and after each touch. */
  async function touches(account: Account, words: string): Promise<number> {
    let count = 0;
    const { code } = await runWithFiles(account, words, {
      killAt: ({ path }) => {
        if (isUsers(path)) count += 1;
        return false;
      },
    });
    expect(code).toBe(0);
    return count;
  }

  it.each([merge, down])('has the old or the new text after a kill at each touch, and goes on: %s', async (words) => {
    const begin = async (): Promise<Account> => {
      const account = machine();
      if (words === down) await succeed(account, merge);
      return account;
    };
    const whole = await begin();
    const before = whole.state.files[kubeconfigPath];
    const count = await touches(whole, words);
    const after = whole.state.files[kubeconfigPath];
    expect(count).toBeGreaterThan(8);
    await passAll(`${words} killed at touch`, 5, upTo(count), async (nth) => {
      const account = await begin();
      let seen = 0;
      const killed = await runWithFiles(account, words, { killAt: ({ path }) => isUsers(path) && ++seen === nth });
      expect(killed.code).toBe('killed');
      expect([before, after]).toContain(account.state.files[kubeconfigPath]);
      await succeed(account, words);
      expect(account.state.files[kubeconfigPath]).toBe(after);
      expect(account.state.files[backup]).toBe(kubeconfig);
    });
  });

  it.each(
    inThisRun([
      ['facts', ''],
      ['lock', ''],
      ['read', ''],
      ['write', '.before-karmada-eks'],
      ['write', ''],
    ]),
  )('is as it was when the disk fails at %s%s, says so, and goes on', async (operation, end) => {
    const skip = operation === 'read' ? 2 : 0;
    const account = machine();
    const call = `file ${operation} ${kubeconfigPath}${end}`;
    const { code, stderr } = await cli(account, merge, { faults: [{ call, kind: 'fail', skip }] });
    expect(code).toBe(4);
    expect(stderr).toContain('ENOSPC');
    expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
    await succeed(account, merge);
    await succeed(account, down);
    expect(account.state.files[kubeconfigPath]).toBe(kubeconfig);
  });
});
