/**
 * Karmada's certificates are renewed before their end, while its API is called, and after it: who took the new ones shows when the old
 * ones end. `init` made them for five minutes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { deployments, inNamespace, until, untilComplete, whileCalled } from './parts.js';
import { agentEnd, agentRuns, pullIs, shortenAgent } from './short-agent.js';

/** What `up` is given for it. */
export const validity = ['--cert-validity', '5m'];

export async function certificates(plane) {
  const { step, cli, run, expect } = plane;
  let ends;
  let second;
  let token;
  await step('certs check: every certificate, and how long it is valid', async () => {
    ends = await leafEnds(plane);
    token = await makeToken(plane);
    await expectToken(plane, token);
    return `${ends.size} places, until ${new Date(Math.min(...ends.values())).toISOString()}`;
  });
  const first = Math.min(...ends.values());
  await step('the agent of a pull member gets a certificate for ten minutes', async () => {
    await shortenAgent(plane);
    await pullIs(plane, 'True', 60);
    return new Date(await agentEnd(plane)).toISOString();
  });
  await step('certs renew before the end, while the API is called', () =>
    whileCalled(plane, async () => {
      const { stderr } = await cli(['certs', 'renew', '--yes', ...validity]);
      second = Math.min(...(await leafEnds(plane)).values());
      return stderr
        .split('\n')
        .find((line) => line.includes(' done:'))
        ?.trim();
    }),
  );
  await step('the token of a service account from before is still valid', () => expectToken(plane, token));
  await step('who presents which certificate', () => presented(plane));
  await step('the first certificates end: nobody notices', () =>
    whileCalled(plane, async () => {
      await pause(Math.max(0, first - Date.now()) + 45_000);
      await untilComplete(plane);
      const restarts = await restartsOf(plane);
      expect(
        restarts.every((count) => count === 0),
        `restarts: ${restarts.join(' ')}`,
      );
      await expectToken(plane, token);
      return `${Math.round((Date.now() - first) / 1000)} s after their end no container was restarted`;
    }),
  );
  await step('the renewed ones end: status is not Ready, and names the command', async () => {
    await pause(Math.max(0, second - Date.now()) + 60_000);
    const { code, stdout } = await run(['status']);
    console.log(stdout.replaceAll(/^/gm, '       '));
    console.log(await inNamespace(plane, ['get', 'pods']).catch((error) => String(error)));
    expect(code === 8 && stdout.includes('karmada-eks certs renew'), `${code}: ${stdout}`);
  });
  await step('the agent’s certificate has ended too', async () => {
    await pause(Math.max(0, (await agentEnd(plane)) - Date.now()) + 1_000);
  });
  await step('certs renew after the end', async () => {
    const began = Date.now();
    const { stderr } = await cli(['certs', 'renew', '--yes', '--cert-validity', '2h']);
    console.log(stderr.replaceAll(/^/gm, '       '));
    await untilComplete(plane);
    return `${Math.round((Date.now() - began) / 1000)} s`;
  });
  await step('the agent of the pull member has a new certificate, and reports', async () => {
    const end = await agentEnd(plane);
    expect(end > Date.now() + 300_000, `until ${new Date(end).toISOString()}`);
    await agentRuns(plane);
    await pullIs(plane, 'True', 120);
    return `until ${new Date(end).toISOString()}`;
  });
  await step('all is as before', async () => {
    await expectToken(plane, token);
    await cli(['certs', 'check']);
    await until('status is Ready', 180, async () => ((await run(['status'])).code === 0 ? true : undefined));
  });
}

/** By place. */
async function leafEnds({ run }) {
  const { stdout } = await run(['certs', 'check', '-o', 'json']);
  const { certificates: found } = JSON.parse(stdout);
  const leaves = found.filter(({ kind }) => kind === 'leaf');
  return new Map(leaves.map(({ certificate, where, until: end }) => [`${certificate} ${where}`, Date.parse(end)]));
}

/** A token for an hour, of a service account in Karmada. */
async function makeToken({ inKarmada }) {
  await inKarmada.kubectl(['create', 'serviceaccount', 'lab-token']).catch(() => undefined);
  return (await inKarmada.kubectl(['create', 'token', 'lab-token', '--duration=2h'])).trim();
}

async function expectToken({ inKarmada, home, karmadaConfig, expect }, token) {
  const config = JSON.parse(await inKarmada.kubectl(['config', 'view', '--raw', '-o', 'json']));
  config.users = config.users.map(({ name }) => ({ name, user: { token } }));
  const path = join(home, 'token.json');
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  const who = await inKarmada.kubectl([
    `--kubeconfig=${path}`,
    'auth',
    'whoami',
    '-o',
    'jsonpath={.status.userInfo.username}',
  ]);
  expect(who.includes('lab-token'), `${karmadaConfig}: ${who}`);
}

/** When what each pod presents ends. */
async function presented(plane) {
  const ports = { etcd: 2379, 'karmada-apiserver': 5443, 'karmada-aggregated-apiserver': 443, 'karmada-webhook': 8443 };
  const lines = [];
  for (const [app, port] of Object.entries(ports)) {
    const path = 'jsonpath={.items[*].status.podIP}';
    const ips = (await inNamespace(plane, ['get', 'pods', '-l', `app=${app}`, '-o', path])).split(' ');
    const found = await Promise.all(ips.map((ip) => endAt(ip, port)));
    lines.push(`${app}: ${found.join(', ')}`);
  }
  return lines.join('; ');
}

function endAt(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: 3_000 });
    const over = (text) => {
      socket.destroy();
      resolve(text);
    };
    socket.once('timeout', () => over('no answer'));
    socket.once('error', ({ message }) => over(message));
    socket.once('secureConnect', () => over(new Date(socket.getPeerX509Certificate().validTo).toISOString()));
  });
}

async function restartsOf(plane) {
  const path = 'jsonpath={range .items[*]}{.status.containerStatuses[0].restartCount} {end}';
  const counts = await Promise.all(
    ['etcd', ...deployments].map((app) => inNamespace(plane, ['get', 'pods', '-l', `app=${app}`, '-o', path])),
  );
  return counts.join(' ').split(/\s+/).filter(Boolean).map(Number);
}
