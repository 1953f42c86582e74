/** `kubectl apply -f -` and `kubectl create -f -` with JSON on standard input. */

import { type Arguments, unmodelled } from '../../arguments.js';
import { isJson, type Json, listAt, mergePatch, textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { printedRefusal, Refusal } from '../api-server/refusal.js';
import { printedKind, type ResourceType } from '../api-server/resources.js';
import { createObject, findObject, nameOf, namespaceOf, replaceObject, typeOf } from '../api-server/store.js';
import { componentReady, parentOf } from '../controllers/control-plane.js';
import { flagOf } from '../controllers/failover.js';
import { bearerOf } from '../controllers/tokens.js';
import { checkRequest } from '../karmada/signing-requests.js';
import { settleApis } from '../settle.js';
import { printJson, shown } from './get.js';
import { patchTo, remembering } from './last-applied.js';
import { readManifests } from './manifests.js';
import { requireAggregatedApi } from './target.js';

/** Applies one object after another; the failure of one does not stop the rest, but the status is 1 (kubectl). */
export function applyObjects(process: ToolProcess, api: ApiState, args: Arguments): number {
  return forEachManifest(process, args, (manifest) => {
    const type = typeOf(api, manifest);
    admitPolicy(process, api, type, manifest);
    const namespace = namespaceOf(type, manifest);
    const old = findObject(api, type.plural, namespace, nameOf(manifest));
    if (old === undefined) {
      refuseAs('create', () => createObject(api, type, remembering(manifest, namespace), process.simulation.now()));
      return `${printedKind(type)}/${nameOf(manifest)} created`;
    }
    const merged = mergePatch(old, patchTo(old, manifest, namespace));
    const changed = isJson(merged) && refuseAs('apply', () => replaceObject(api, type, old, merged));
    return `${printedKind(type)}/${nameOf(manifest)} ${changed ? 'configured' : 'unchanged'}`;
  });
}

export function createFromStdin(process: ToolProcess, api: ApiState, args: Arguments): number {
  return forEachManifest(process, args, (manifest) => {
    if (manifest['kind'] === 'TokenReview') return reviewed(process, api, args, manifest);
    const type = typeOf(api, manifest);
    admitPolicy(process, api, type, manifest);
    if (type.plural === 'certificatesigningrequests') refuseAs('create', () => checkRequest(manifest));
    const made = refuseAs('create', () => createObject(api, type, manifest, process.simulation.now()));
    return args.value('output') === 'json' ? made : `${printedKind(type)}/${nameOf(manifest)} created`;
  });
}

/** Nothing is kept of it. A token that is not good is nobody's, without `authenticated` (kubernetes 1.34, authentication/v1). */
function reviewed(process: ToolProcess, api: ApiState, args: Arguments, manifest: Json): KubeObjectState {
  if (args.value('output') !== 'json') throw unmodelled('kubectl', process);
  const username = bearerOf(api, Buffer.from(textAt(manifest, 'spec', 'token')).toString('base64'));
  const status =
    username === undefined
      ? { user: {}, error: '[invalid bearer token, service account token has been invalidated]' }
      : { authenticated: true, user: { username } };
  const metadata = { name: '', uid: '', creationTimestamp: '' };
  return { ...manifest, apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata, status };
}

/** A handled manifest is reported in one line, or printed as a whole. */
export function forEachManifest(
  process: ToolProcess,
  args: Arguments,
  handle: (manifest: Json) => string | KubeObjectState,
): number {
  if (args.value('filename') !== '-' || args.positional.length !== 1) throw unmodelled('kubectl', process);
  let status = 0;
  for (const manifest of readManifests(process)) {
    try {
      const result = handle(manifest);
      if (typeof result === 'string') process.out(result);
      else printJson(process, shown(result));
      settleApis(process.simulation);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      for (const line of printedRefusal(thrown).split('\n')) process.err(line);
      status = 1;
    }
  }
  return status;
}

const actions = { create: 'creating', apply: 'applying patch to', replace: 'replacing' } as const;

/** kubectl prefixes errors with its action, except for "The … is invalid". */
export function refuseAs<T>(verb: keyof typeof actions, run: () => T): T {
  const action = `error when ${actions[verb]} "STDIN"`;
  try {
    return run();
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || thrown.reason === 'Invalid' || thrown.reason === 'Connection') throw thrown;
    throw new Refusal(thrown.reason, `${action}: ${thrown.message}`);
  }
}

/** Karmada's webhook sees every policy: without it none can be written (observed with 1.18.2, register). */
function admitPolicy(process: ToolProcess, api: ApiState, type: ResourceType, manifest: Json): void {
  if (type.plural === 'clusters') requireAggregatedApi(process, api, 'post');
  if (type.plural !== 'propagationpolicies' && type.plural !== 'clustertaintpolicies') return;
  if (!componentReady(parentOf(process, api), 'karmada-webhook')) {
    throw new Refusal(
      'InternalError',
      'error when creating "STDIN": Internal error occurred: failed calling webhook "propagationpolicy.karmada.io": failed to call webhook: ' +
        'Post "https://karmada-webhook.karmada-system.svc:443/mutate-propagationpolicy?timeout=3s": connect: connection refused',
    );
  }
  if (type.plural === 'clustertaintpolicies') admitTaints(parentOf(process, api), manifest);
  const foreign = listAt(manifest, 'spec', 'resourceSelectors').find(
    (one) => textAt(one, 'kind') !== 'Deployment' && !isNamedSecret(one),
  );
  if (foreign !== undefined) throw unmodelled('kubectl', process, `a policy for ${textAt(foreign, 'kind')}`);
}

/** Of Secrets only those that are named (`controllers/propagation.ts`). */
function isNamedSecret(selector: unknown): boolean {
  return textAt(selector, 'kind') === 'Secret' && textAt(selector, 'name') !== '';
}

/** NoExecute needs a flag of the webhook (1.18.2, pkg/webhook/clustertaintpolicy/validating.go). */
function admitTaints(parent: ApiState | undefined, manifest: Json): void {
  const webhook = parent && findObject(parent, 'deployments', 'karmada-system', 'karmada-webhook');
  const index = listAt(manifest, 'spec', 'taints').findIndex((taint) => textAt(taint, 'effect') === 'NoExecute');
  if (index < 0 || flagOf(webhook, 'allow-no-execute-taint-policy') === 'true') return;
  throw new Refusal(
    'Forbidden',
    `admission webhook "clustertaintpolicy.karmada.io" denied the request: spec.taints[${index}]: Forbidden: Configuring taint with NoExecute effect is not allowed, this capability must be explicitly enabled by administrators through command-line flags`,
  );
}
