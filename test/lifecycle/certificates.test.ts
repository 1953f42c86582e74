/** Karmada's certificates through a fleet's life: looked at, renewed before their end and after it, and half renewed. */
import { expect, it } from 'vitest';
import type { Account } from '../../src/rehearsal/account.js';
import { readyFleet } from '../commands/status/machines.js';
import { triesMore } from './cases.js';
import { cli } from './cli.js';
import { newMachine, smallUp, succeed } from './fleet.js';

const up = 'up --region us-west-2 --yes';

const day = 24 * 3_600_000;

/** Time passes while nobody looks. */
function age(account: Account, days: number): void {
  account.state.now += days * day;
}

it('lists every certificate with its end, and ends with 0', async () => {
  const { stdout } = await succeed(await readyFleet(), 'certs check');
  expect(stdout).toMatchInlineSnapshot(`
    "CERTIFICATE          EXPIRES             LEFT        STATE   WHERE
    ca                   2036-11-19 12:20Z   3649 days   ok      karmada-cert
    etcd-ca              2036-11-19 12:20Z   3649 days   ok      karmada-cert, etcd-cert
    front-proxy-ca       2036-11-19 12:20Z   3649 days   ok      karmada-cert
    apiserver            2027-11-22 12:20Z   364 days    ok      karmada-cert, https://ab9c150d33cf84673874c1fc0df53b3f-f728ac465a99754e.elb.us-west-2.amazonaws.com:32443
    karmada              2027-11-22 12:20Z   364 days    ok      karmada-cert, karmada-aggregated-apiserver-config, karmada-controller-manager-config, karmada-descheduler-config, karmada-metrics-adapter-config, karmada-scheduler-config, and 6 more
    etcd-server          2027-11-22 12:20Z   364 days    ok      karmada-cert, etcd-cert
    etcd-client          2027-11-22 12:20Z   364 days    ok      karmada-cert
    front-proxy-client   2027-11-22 12:20Z   364 days    ok      karmada-cert
    agent                2027-11-22 12:16Z   364 days    ok      agent of two
    "
  `);
});

it('renews them before their end', async () => {
  const account = await readyFleet();
  age(account, 340);
  const before = await cli(account, 'certs check');
  expect(before.code).toBe(8);
  expect(before.stdout).toMatchInlineSnapshot(`
    "CERTIFICATE          EXPIRES             LEFT        STATE                           WHERE
    ca                   2036-11-19 12:20Z   3309 days   ok                              karmada-cert
    etcd-ca              2036-11-19 12:20Z   3309 days   ok                              karmada-cert, etcd-cert
    front-proxy-ca       2036-11-19 12:20Z   3309 days   ok                              karmada-cert
    apiserver            2027-11-22 12:20Z   24 days     expires soon                    karmada-cert, https://ab9c150d33cf84673874c1fc0df53b3f-f728ac465a99754e.elb.us-west-2.amazonaws.com:32443
    karmada              2027-11-22 12:20Z   24 days     expires soon                    karmada-cert, karmada-aggregated-apiserver-config, karmada-controller-manager-config, karmada-descheduler-config, karmada-metrics-adapter-config, karmada-scheduler-config, and 6 more
    etcd-server          2027-11-22 12:20Z   24 days     expires soon                    karmada-cert, etcd-cert
    etcd-client          2027-11-22 12:20Z   24 days     expires soon                    karmada-cert
    front-proxy-client   2027-11-22 12:20Z   24 days     expires soon                    karmada-cert
    agent                2028-10-27 12:16Z   364 days    not read since it was renewed   agent of two
    renew them:
      karmada-eks certs renew --fleet karmada --region us-west-2
    "
  `);
  const { stdout, stderr } = await succeed(account, 'certs renew --yes');
  expect(stdout + stderr).toMatchInlineSnapshot(`
    "SCOPE    STEP                                                         STATE       MINUTES   CHANGES
    parent   lock the fleet against changes from other machines           to do       <1        Lease kube-system/karmada-eks, until this run ends
    parent   renew Karmada’s certificates                                 to finish   2         apiserver, karmada, etcd-server, etcd-client, front-proxy-client: until 2027-11-22, renewed; written into Secrets karmada-cert, etcd-cert, karmada-aggregated-apiserver-config, karmada-controller-manager-config, karmada-descheduler-config, karmada-metrics-adapter-config, karmada-scheduler-config, karmada-search-config, karmada-webhook-cert, karmada-webhook-config, kube-controller-manager-config; restarted, one pod after the other: karmada-aggregated-apiserver, karmada-controller-manager, karmada-scheduler, karmada-webhook, kube-controller-manager; the Karmada API stays available
    parent   publish the Karmada API under the load balancer’s DNS name   to finish   <1        the renewed admin certificate in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/kubeconfigs/karmada-apiserver.json
    two      have the agent of two use the newest certificate             to finish   <1        the agent uses a certificate that it has renewed since
    fleet    add the fleet’s contexts to /home/you/.kube/config           to finish   <1        the renewed admin certificate in /home/you/.kube/config
    the certificates of fleet karmada are renewed
    how long each is valid:
      karmada-eks certs check --fleet karmada --region us-west-2
    the state of the fleet:
      karmada-eks status --fleet karmada --region us-west-2
    +00:00 4 steps, ~3m
    +00:04 note:      renew Karmada’s certificates: karmada-aggregated-apiserver: replacing its pods one after the other
    +00:20 note:      renew Karmada’s certificates: karmada-controller-manager: replacing its pods one after the other
    +00:28 note:      renew Karmada’s certificates: karmada-scheduler: replacing its pods one after the other
    +00:37 note:      renew Karmada’s certificates: karmada-webhook: replacing its pods one after the other
    +00:50 note:      renew Karmada’s certificates: kube-controller-manager: replacing its pods one after the other
    +01:20 done:      renew Karmada’s certificates (1m 20s)
    +01:22 done:      publish the Karmada API under the load balancer’s DNS name; add the fleet’s contexts to /home/you/.kube/config
    +01:34 done:      have the agent of two use the newest certificate
                                                               0s              30s              60s              90s
    renew Karmada’s certificates                               █████████████████████████████████████████████         1m 20s
    publish the Karmada API under the load balancer’s DNS name                                              █            2s
    have the agent of two use the newest certificate                                                         ███████    12s
    █ critical path: 1m 34s

    finished in 1m 34s: 4 done, 0 unchanged
    the logs of all commands are in /home/you/.local/share/karmada-eks/fleets/111122223333/us-west-2/karmada/logs
    copies of the former admin certificate, wherever they are, go on working until 2027-11-22
    "
  `);
  const { stdout: after } = await succeed(account, 'certs check');
  expect(after).toMatchInlineSnapshot(`
    "CERTIFICATE          EXPIRES             LEFT        STATE   WHERE
    ca                   2036-11-19 12:20Z   3309 days   ok      karmada-cert
    etcd-ca              2036-11-19 12:20Z   3309 days   ok      karmada-cert, etcd-cert
    front-proxy-ca       2036-11-19 12:20Z   3309 days   ok      karmada-cert
    apiserver            2028-10-27 12:22Z   364 days    ok      karmada-cert, https://ab9c150d33cf84673874c1fc0df53b3f-f728ac465a99754e.elb.us-west-2.amazonaws.com:32443
    karmada              2028-10-27 12:22Z   364 days    ok      karmada-cert, karmada-aggregated-apiserver-config, karmada-controller-manager-config, karmada-descheduler-config, karmada-metrics-adapter-config, karmada-scheduler-config, and 6 more
    etcd-server          2028-10-27 12:22Z   364 days    ok      karmada-cert, etcd-cert
    etcd-client          2028-10-27 12:22Z   364 days    ok      karmada-cert
    front-proxy-client   2028-10-27 12:22Z   364 days    ok      karmada-cert
    agent                2028-10-27 12:16Z   364 days    ok      agent of two
    "
  `);
  await succeed(account, 'status');
});

it.runIf(triesMore)('renews them after their end', async () => {
  const account = await readyFleet();
  age(account, 366);
  expect((await cli(account, 'status')).code).toBe(8);
  await succeed(account, 'certs renew --yes');
  await succeed(account, 'certs check');
  await succeed(account, 'status');
});

it('renews them by itself in up, before their end and after it', async () => {
  const account = await readyFleet();
  expect((await succeed(account, up)).stdout).toContain('nothing to do');
  age(account, 340);
  expect((await succeed(account, `plan --region us-west-2`)).stdout).toContain('renew');
  expect((await succeed(account, up)).stderr).toContain('done:      renew Karmada’s certificates');
  await succeed(account, 'status --wait');
  expect((await succeed(account, up)).stdout).toContain('nothing to do');
  const ended = await readyFleet();
  age(ended, 366);
  await succeed(ended, up);
  await succeed(ended, 'certs renew --yes');
  await succeed(ended, 'status --wait');
});

it('makes them as long as asked, and warns in status with the command', async () => {
  const account = newMachine();
  await succeed(account, `${smallUp} --cert-validity 1000h`);
  age(account, 30);
  const { stdout } = await cli(account, 'status');
  expect(stdout).toContain(
    'Karmada’s certificates will expire on 2027-01-03, in 11 days: after that Karmada cannot be reached; renew them: karmada-eks certs renew --fleet karmada --region us-west-2',
  );
});

it.runIf(triesMore)('keeps with the fleet how long they are to be, and renews them so', async () => {
  const account = await readyFleet();
  await succeed(account, `${up} --cert-validity 1000h`);
  await succeed(account, 'certs renew --yes');
  expect((await succeed(account, 'certs check')).stdout).toMatch(/apiserver +2027-01-0\d \S+ +41 days/);
  age(account, 1);
  await succeed(account, 'certs renew --yes --cert-validity 500h');
  age(account, 14);
  await succeed(account, up);
  expect((await succeed(account, 'certs check')).stdout).toMatch(/apiserver +2027-\S+ \S+ +41 days/);
  const { code, stderr } = await cli(account, 'certs renew --yes --cert-validity 4m');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--cert-validity: expected a duration of at least 5m')]);
});

it('says of an expired fleet what to do', async () => {
  const account = await readyFleet();
  age(account, 366);
  const { code, stdout } = await cli(account, 'status');
  expect(code).toBe(8);
  expect(stdout).toContain('Karmada can no longer be reached; renew them: karmada-eks certs renew');
  expect((await cli(account, 'doctor')).stdout).toContain('karmada-eks certs renew');
});

it('refuses without the key of a CA, and changes nothing', async () => {
  const account = await readyFleet();
  const secret = account.state.apis['eks/us-west-2/karmada-parent']?.objects['secrets/karmada-system/karmada-cert'];
  if (secret === undefined) throw new TypeError('karmada-cert exists');
  const { 'etcd-ca.key': _, ...data } = secret['data'] as Record<string, string>;
  secret['data'] = data;
  const { code, stderr } = await cli(account, 'certs renew --yes');
  expect(code).toBe(3);
  expect(stderr).toContain('Secret karmada-cert has no CA etcd-ca with its key');
  expect(secret['data']).toBe(data);
});

it('tells of a CA that expires, which no renewal helps', async () => {
  const account = await readyFleet();
  age(account, 3_630);
  const renewed = await succeed(account, 'certs renew --yes');
  const warning =
    'warning: the CA ca expires on 2036-11-19: a CA cannot be renewed, and no certificate is valid longer';
  expect(renewed.stderr).toContain(warning);
  const checked = await cli(account, 'certs check');
  expect(checked.code).toBe(8);
  expect(checked.stderr).toContain(warning);
  expect(checked.stdout).not.toContain('certs renew');
  age(account, 21);
  const { code, stderr } = await cli(account, 'certs renew --yes');
  expect(code).toBe(3);
  expect(stderr).toMatch(/Karmada’s CA \S+ expires on 2036-11-19/);
  expect(stderr).toContain('next: a CA cannot be renewed; up --reinstall-karmada reinstalls Karmada');
});

it('writes no key anywhere but into Secrets and kubeconfigs', async () => {
  const account = await readyFleet();
  age(account, 340);
  const { calls, stdout, stderr, events } = await succeed(account, 'certs renew --yes');
  const written = Object.entries(account.state.files).filter(([path]) => !/kubeconfigs\/|\.kube\//.test(path));
  const texts = JSON.stringify([calls.map(({ key }) => key), stdout, stderr, events, written]);
  // The second is the first in base64.
  expect(texts).not.toMatch(/PRIVATE KEY|LS0tLS1CRUdJTiBQUklWQVRF/);
});
