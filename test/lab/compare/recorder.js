/** Writes down what a run of karmada-eks does at its ports, each call with the step that makes it, and disturbs it there. */
import { AsyncLocalStorage } from 'node:async_hooks';

const services = ['ec2', 'eks', 'sts', 'cloudformation', 'elbv2', 'iam', 'servicequotas'];

/**
 * @typedef {object} Disturbance
 * @property {RegExp} call what it hits: the step, and `eksctl create cluster …` as it would be typed or `eks:DescribeCluster us-west-2`
 * @property {'fails-when-done' | 'fails-at-once' | 'expired'} kind a program ends with status 1 after or instead of its work;
 *   AWS refuses for expired credentials, from the first call hit on
 * @property {number} [skip] how many calls pass first
 */

/**
 * The world with all calls of one run written down, in the order in which they began.
 * @param world the ports
 * @param {readonly Disturbance[]} disturbances
 * @returns the world for the run, what is to be told of its events, and the calls: of programs with `request` and `result`, of AWS
 *   with `service`, `operation`, `region`, `input` and `error`, over HTTP with `url`; each with `step`, and with `from` and `to`, by
 *   which one is told to have ended before another began
 */
export function recorded(world, disturbances = []) {
  const calls = [];
  const steps = stepsByEvent();
  const hits = disturbedBy(disturbances);
  let moment = 0;
  const note = (call) => {
    moment += 1;
    const noted = { step: steps.current(), from: moment, ...call };
    calls.push(noted);
    return noted;
  };
  const end = (noted) => {
    moment += 1;
    noted.to = moment;
  };
  const exec = async (request) => {
    const { tool, args, stdin } = request;
    const noted = note({ kind: 'exec', request: { tool, args, stdin } });
    const hit = hits([noted.step, tool, ...args].join(' '));
    noted.result = hit?.kind === 'fails-at-once' ? failure('') : await world.exec(request);
    if (hit?.kind === 'fails-when-done') noted.result = failure(noted.result.stdout ?? '');
    end(noted);
    return noted.result;
  };
  const aws = { ...world.aws, ...Object.fromEntries(services.map((service) => [service, sendOf(service)])) };
  const httpGet = (url, timeoutMs) => {
    note({ kind: 'http', url });
    return world.httpGet(url, timeoutMs);
  };
  return { world: { ...world, exec, aws, httpGet }, onEvent: steps.onEvent, calls };

  function sendOf(service) {
    return (place) => ({
      send: async (command, ...more) => {
        // Nothing that is compared is in another account.
        const region = typeof place === 'string' ? place : place.region;
        const operation = command.constructor.name.replace(/Command$/, '');
        const noted = note({ kind: 'aws', service, operation, region, input: command.input });
        try {
          if (hits(`${noted.step} ${service}:${operation} ${region}`) !== undefined) throw expired();
          return await world.aws[service](place).send(command, ...more);
        } catch (thrown) {
          noted.error = thrown.name;
          throw thrown;
        } finally {
          end(noted);
        }
      },
    });
  }
}

/**
 * Which step a call belongs to: the runner tells of each step's beginning from within that step. What is called before and
 * after all steps belongs to `plan` and `end`.
 */
function stepsByEvent() {
  const inside = new AsyncLocalStorage();
  let phase = 'plan';
  return {
    current: () => (phase === 'steps' ? (inside.getStore() ?? phase) : phase),
    onEvent: ({ type, id }) => {
      if (type === 'run-started') phase = 'steps';
      if (type === 'run-finished') phase = 'end';
      if (type === 'step-checking') inside.enterWith(id);
    },
  };
}

/** Counts the disturbances down; credentials that have expired stay so. */
function disturbedBy(disturbances) {
  const left = disturbances.map((each) => ({
    ...each,
    skip: each.skip ?? 0,
    hits: each.kind === 'expired' ? Infinity : 1,
  }));
  return (call) => {
    for (const each of left) {
      if (each.hits === 0 || !each.call.test(call)) continue;
      if (each.skip > 0) {
        each.skip -= 1;
        continue;
      }
      each.hits -= 1;
      return each;
    }
    return undefined;
  };
}

function failure(stdout) {
  return { kind: 'exited', code: 1, stdout, stderr: 'error: it failed on purpose\n' };
}

function expired() {
  const error = new Error('The security token included in the request is expired');
  return Object.assign(error, { name: 'ExpiredTokenException', $fault: 'client', $metadata: { httpStatusCode: 403 } });
}
