/** People get access of their own and lose it; Karmada's tokens for a push member are replaced while the member is watched. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { kubernetesApi } from '../kubernetes-api.js';

const credentials = ['-n', 'karmada-cluster'];

export async function tokens(plane) {
  await people(plane);
  await rotations(plane);
}

async function people(plane) {
  const { step, cli, run, expect, folder, env } = plane;
  const may = async (api, ...words) =>
    (await api.kubectl(['auth', 'can-i', ...words]).catch(({ stdout }) => stdout)).trim();
  const expectMay = async (api, wanted) => {
    for (const [words, answer] of Object.entries(wanted)) {
      const told = await may(api, ...words.split(' '));
      expect(told === answer, `can-i ${words}: ${told}, not ${answer}`);
    }
  };
  let made = 0;
  const given = async (name, ...words) => {
    made += 1;
    const path = join(folder, `${made}-${name}.json`);
    await cli(['access', 'kubeconfig', '--user', name, '--path', path, ...words]);
    return kubernetesApi(env, path);
  };
  let alice;
  await step('a person with edit in a namespace', async () => {
    alice = await given('alice@example.com', '--role', 'edit', '--namespace', 'default', '--for', '10m');
    const whoami = await alice.kubectl(['auth', 'whoami', '-o', 'json']);
    expect(JSON.parse(whoami).status.userInfo.username === 'alice@example.com', whoami);
    await expectMay(alice, {
      'create deployments -n default': 'yes',
      'create propagationpolicies.policy.karmada.io -n default': 'yes',
      'create deployments -n kube-public': 'no',
      'get secrets -n karmada-cluster': 'no',
    });
    const members = await alice.kubectl(['get', 'clusters']).catch(({ stderr }) => stderr);
    expect(members.includes('Forbidden'), members);
    await alice.kubectl(['-n', 'default', 'create', 'configmap', 'hers']);
    await alice.kubectl(['-n', 'default', 'delete', 'configmap', 'hers']);
  });
  await step('people with view and admin everywhere', async () => {
    const bob = await given('bob');
    expect((await bob.kubectl(['get', 'clusters'])).includes(plane.member.name), 'bob sees no member');
    await expectMay(bob, {
      'list clusterpropagationpolicies.policy.karmada.io': 'yes',
      'get secrets -n default': 'no',
      'create deployments -n default': 'no',
    });
    const carol = await given('carol', '--role', 'admin');
    await expectMay(carol, {
      'create namespaces': 'yes',
      'create clusterpropagationpolicies.policy.karmada.io': 'yes',
      'create rolebindings -n default': 'yes',
      'get secrets -n karmada-cluster': 'yes',
      'delete clusters.cluster.karmada.io': 'no',
      'create clusterrolebindings': 'no',
    });
    const { stdout } = await cli(['access', 'list', '-o', 'json']);
    return JSON.parse(stdout)
      .map(({ person, role, namespace }) => `${person} ${role} ${namespace ?? 'everywhere'}`)
      .join(', ');
  });
  await step('what is revoked is refused, also when the person is granted something again', async () => {
    const refusal = () =>
      alice.kubectl(['-n', 'default', 'get', 'configmaps']).then(
        () => '',
        ({ stderr }) => stderr,
      );
    expect((await refusal()) === '', 'alice may not before');
    await cli(['access', 'revoke', 'alice@example.com', '--yes']);
    expect((await refusal()).includes('Forbidden'), await refusal());
    await given('alice@example.com', '--role', 'edit');
    expect((await refusal()).includes('Forbidden'), await refusal());
    const { code } = await run(['access', 'revoke', 'nobody', '--yes']);
    expect(code === 2, `revoke of nobody ended with ${code}`);
    await cli(['access', 'revoke', 'alice@example.com', 'bob', 'carol', '--yes']);
    return await refusal().then((text) => text.split('\n')[0]);
  });
}

async function rotations(plane) {
  const { step, cli, run, expect, inKarmada, inMember } = plane;
  const { name } = plane.member;
  const words = ['members', 'rotate-token', '--yes'];
  const secrets = async () =>
    (await inMember.kubectl([...credentials, 'get', 'secrets', '-o', 'name'])).trim().split('\n').sort();
  await step('new tokens: the old ones are refused, the member Ready all the while', async () => {
    const old = await tokensOf(plane, name);
    expect((await statuses(plane, name, old)).join() === '200,200', 'the tokens are not good before');
    const line = await whileReady(plane, name, () => cli(words));
    expect((await statuses(plane, name, old)).join() === '401,401', `old tokens: ${await statuses(plane, name, old)}`);
    const now = await statuses(plane, name, await tokensOf(plane, name));
    expect(now.join() === '200,200', `new tokens: ${now}`);
    return `${line}; ${(await secrets()).join(', ')}`;
  });
  await step('Karmada goes on watching the member: the status of a workload comes back', async () => {
    await cli(['demo', '--keep']);
    for (let second = 0; ; second += 1) {
      const path = 'jsonpath={.status.readyReplicas}';
      const ready = await inKarmada.kubectl(['-n', 'default', 'get', 'deployment', 'karmada-eks-demo', '-o', path]);
      if (ready.trim() === '12') return `12 replicas ready in Karmada after ${second} s`;
      expect(second < 60, `Karmada has ${ready} ready replicas`);
      await pause(1000);
    }
  });
  await step('killed while controllers are restarted, and resumed', async () => {
    const old = await tokensOf(plane, name);
    const line = await whileReady(plane, name, async () => {
      const { code } = await run([...words, '--json'], {
        killOn: '"changes":["karmada-controller-manager is restarted',
      });
      expect(code === null, `it was not killed: ${code}`);
      const half = await secrets();
      expect(half.length === 4, half.join(', '));
      await cli(words);
      const whole = await secrets();
      expect(whole.length === 2 && whole.every((each) => half.includes(each)), `${half} became ${whole}`);
    });
    expect((await statuses(plane, name, old)).join() === '401,401', 'the old tokens are good');
    await cli(['demo', '--remove']);
    return line;
  });
}

/** Does something while Karmada is asked four times a second whether the member is Ready; it always has to be. */
async function whileReady({ inKarmada, expect }, name, work) {
  const path = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  const seen = {};
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const ready = await inKarmada.kubectl(['get', 'clusters', name, '-o', path]).catch(() => 'no answer');
      seen[ready.trim()] = (seen[ready.trim()] ?? 0) + 1;
      await pause(250);
    }
  })();
  const began = Date.now();
  try {
    await work();
    // A member that does not respond is not Ready after 30 s.
    await pause(40_000);
  } finally {
    isOver = true;
    await watching;
  }
  const line = Object.entries(seen).map(([ready, times]) => `${ready} ${times} times`);
  expect(line.length === 1 && seen.True > 0, `Ready was ${line.join(', ')}`);
  return `${Math.round((Date.now() - began) / 1000 - 40)} s, Ready ${line}`;
}

/** Karmada's two tokens for a member. */
async function tokensOf({ inKarmada }, name) {
  const path = 'jsonpath={.data.token}';
  const found = [name, `${name}-impersonator`].map((secret) =>
    inKarmada.kubectl([...credentials, 'get', 'secret', secret, '-o', path]),
  );
  return (await Promise.all(found)).map((text) => Buffer.from(text, 'base64').toString());
}

/** What the member's API answers to each token: 401 for one that is not good, 403 for one that may do little. */
async function statuses({ inKarmada, env }, name, tokens) {
  const path = 'jsonpath={.spec.apiEndpoint}';
  const server = (await inKarmada.kubectl(['get', 'clusters', name, '-o', path])).trim();
  const nobody = kubernetesApi(env, '/dev/null');
  return await Promise.all(
    tokens.map(async (token) => {
      const flags = [`--server=${server}`, `--token=${token}`, '--insecure-skip-tls-verify'];
      const answer = await nobody.kubectl([...flags, 'auth', 'whoami']).then(
        () => '',
        ({ stderr }) => stderr,
      );
      return answer === '' ? 200 : /Unauthorized|must be logged in/.test(answer) ? 401 : answer;
    }),
  );
}
