/** `status --wait` and `status --watch`: looking again and again. */
import { expect, it } from 'vitest';
import { cli } from '../../lifecycle/cli.js';
import { lostMember, readyFleet, setReachable, withoutHash } from './machines.js';

/** Lets the member answer again so many virtual ms from now. */
function mendAfter(account: Awaited<ReturnType<typeof lostMember>>, ms: number): void {
  void account.clock.sleep(ms).then(() => setReachable(account, true));
}

it('waits until the fleet is Ready, says once why it waits, and shows the fleet', async () => {
  const account = await lostMember();
  const from = account.state.now;
  mendAfter(account, 30_000);
  const { code, stdout, stderr } = await cli(account, 'status --wait');
  expect(code).toBe(0);
  expect(stderr).toBe('not Ready yet: one: ClusterNotReachable: cluster is not reachable\n');
  expect(stdout).toContain('fleet karmada in us-west-2: Ready\n');
  expect(account.state.now - from).toBeGreaterThan(60_000);
  expect(account.state.now - from).toBeLessThan(90_000);
});

it('gives up at its limit with exit code 8, after it has shown the fleet', async () => {
  const account = await lostMember();
  const from = account.state.now;
  const { code, stdout, stderr } = await cli(account, 'status --wait --timeout 1m');
  expect(code).toBe(8);
  expect(account.state.now - from).toBeGreaterThan(50_000);
  expect(account.state.now - from).toBeLessThan(70_000);
  expect(stdout).toContain('fleet karmada in us-west-2: not Ready\n');
  expect(stderr).toMatchInlineSnapshot(`
    "not Ready yet: one: ClusterNotReachable: cluster is not reachable
    ✖ fleet karmada did not become Ready within 1m
      why:  one: ClusterNotReachable: cluster is not reachable
      next: 1. wait longer: --timeout
            2. or repair it: karmada-eks up --fleet karmada --region us-west-2
      code: fleet-not-ready
    "
  `);
});

it('gives up with exit code 8 too when the fleet cannot be seen, and warns once', async () => {
  const account = await readyFleet();
  const parent = account.state.apis['eks/us-west-2/karmada-parent'];
  if (parent !== undefined) parent.reachable = false;
  const { code, stderr } = await cli(account, 'status --wait --timeout 30s');
  expect(code).toBe(8);
  expect(stderr.match(/warning: /g)).toHaveLength(1);
  expect(withoutHash(stderr)).toContain(
    '✖ the fleet did not become Ready within 30s: the Kubernetes API of karmada-parent does not respond\n',
  );
});

it('continues after a check that AWS throttled', async () => {
  // Each of the three clusters is asked for seven times in a minute.
  const faults = [{ call: 'aws eks:DescribeCluster *', kind: 'throttle', times: 40 }] as const;
  const { code, stderr } = await cli(await readyFleet(), 'status --wait', { faults });
  expect(stderr).toContain('warning: ');
  expect(code).toBe(0);
});

it.each(['10x', '1', '-5m', '5m1h'])('refuses %s as a limit', async (limit) => {
  const { code, stderr } = await cli(await readyFleet(), ['status', '--wait', `--timeout=${limit}`]);
  expect(code).toBe(2);
  expect(stderr).toContain(`--timeout: expected a duration such as 90s, 10m or 1h30m, got "${limit}"`);
});

it('is interrupted by Ctrl-C while it waits', async () => {
  const { code, stdout, stderr } = await cli(await lostMember(), 'status --wait', { drainAfterMs: 12_000 });
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).not.toContain('nothing new is started');
});

it('watches without a terminal: a new block when something changed, until Ctrl-C', async () => {
  const account = await lostMember();
  mendAfter(account, 33_000);
  const { code, stdout, stderr } = await cli(account, 'status --watch', { drainAfterMs: 120_000 });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('\u001B');
  const blocks = stdout.split(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n/m).slice(1);
  expect(blocks.map((block) => block.split('\n')[0])).toEqual([
    'fleet karmada in us-west-2: not Ready',
    'fleet karmada in us-west-2: not Ready',
    'fleet karmada in us-west-2: Ready',
  ]);
  expect(new Set(blocks).size).toBe(3);
});

it('watches on a terminal: each look over the one before, until Ctrl-C', async () => {
  const { code, stdout, stderr } = await cli(await readyFleet(), 'status --watch', {
    drainAfterMs: 20_000,
    columns: 80,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.startsWith('\u001B[2J\u001B[H')).toBe(true);
  const frames = stdout.split('\u001B[H').slice(1);
  expect(frames.length).toBeGreaterThanOrEqual(3);
  for (const frame of frames) {
    expect(frame).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ · every 5 s, until Ctrl-C/);
    expect(frame).toContain('fleet karmada in us-west-2: Ready');
    expect(frame.endsWith('\u001B[J')).toBe(true);
  }
});

it('does not redraw under CI', async () => {
  const options = { drainAfterMs: 20_000, columns: 80, vars: { CI: 'true', NO_COLOR: '1' } };
  const { stdout } = await cli(await readyFleet(), 'status --watch', options);
  expect(stdout).not.toContain('\u001B');
});

it('watches until the fleet is Ready when both are asked for', async () => {
  const account = await lostMember();
  mendAfter(account, 20_000);
  const { code, stdout } = await cli(account, 'status --watch --wait');
  expect(code).toBe(0);
  expect(stdout.match(/^fleet .*$/gm)?.at(-1)).toBe('fleet karmada in us-west-2: Ready');
});

it('watches as JSON lines: one status a change', async () => {
  const account = await lostMember();
  mendAfter(account, 33_000);
  const { stdout } = await cli(account, 'status --watch --json', { drainAfterMs: 120_000 });
  const statuses = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'status');
  expect(statuses.map(({ ready }) => ready)).toEqual([false, false, true]);
});
