/** No secret survives what is written; what is none does. */
import { expect, it } from 'vitest';
import { makeRedactor, redact } from '../../src/logs/redact.js';
import { kubeconfigText } from '../../src/tools/kubectl/kubeconfig.js';

const pem = (kind: string): string =>
  `-----BEGIN ${kind}-----\nMIIEowIBAAKCAQEAsecret\nAAAAB3Nzasecret==\n-----END ${kind}-----\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const long = 'c2VjcmV0IHNlY3JldCBzZWNyZXQ=';

it.each([
  ['a bootstrap token', '--token=abcdef.0123456789abcdef', '0123456789abcdef'],
  ['a bootstrap token in a sentence', 'using token abcdef.0123456789abcdef, ok', '0123456789abcdef'],
  ['an RSA key', pem('RSA PRIVATE KEY'), 'secret'],
  ['a PKCS 8 key', pem('PRIVATE KEY'), 'secret'],
  ['an EC key', pem('EC PRIVATE KEY'), 'secret'],
  ['half a key', pem('PRIVATE KEY').slice(0, 60), 'MIIE'],
  ['an RSA key in base64', `x: ${base64(pem('RSA PRIVATE KEY'))}`, base64(pem('RSA PRIVATE KEY')).slice(60)],
  ['a PKCS 8 key in base64', `x: ${base64(pem('PRIVATE KEY'))}`, base64(pem('PRIVATE KEY')).slice(60)],
  ['an EC key in base64', `x: ${base64(pem('EC PRIVATE KEY'))}`, base64(pem('EC PRIVATE KEY')).slice(60)],
  ['a key in a kubeconfig', `    client-key-data: ${long}`, long],
  ['a key in a Secret', `{"karmada.key":"${long}"}`, long],
  ['a token in a kubeconfig', `    token: ${long}`, long],
  ['an AWS key in the environment', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalr'],
  ['an AWS key in JSON', '"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"', 'wJalr'],
  ['a session token', `aws_session_token = ${long}`, long],
  ['a token for EKS', '{"status":{"token":"k8s-aws-v1.aHR0cHM6Ly9zdHM"}}', 'aHR0cHM6Ly9zdHM'],
  ['an AWS key in JSON that stands in JSON', JSON.stringify(JSON.stringify({ SecretAccessKey: long })), long],
  ['a key in JSON that stands in JSON', JSON.stringify(JSON.stringify({ 'client-key-data': long })), long],
  ['a token for EKS that begins an escaped line', JSON.stringify('a\nk8s-aws-v1.aHR0cHM6Ly9zdHM'), 'aHR0cHM6Ly9zdHM'],
  ['a bootstrap token that begins an escaped line', JSON.stringify('a\nabcdef.0123456789abcdef'), '0123456789abcdef'],
  ['the id of an AWS key', 'key AKIAIOSFODNN7EXAMPLE was', 'IOSFODNN7EXAMPLE'],
  ['a token of a service account', 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrOHMifQ.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
  ['a bearer token', `Authorization: Bearer ${long}`, long],
  ['a variable of a container', '{"name":"API_TOKEN","value":"hunter2+hunter2"}', 'hunter2'],
  ['a variable whose name ends in _PASS', 'DB_PASS=hunter22-secret-x', 'hunter22'],
  ['a variable whose name ends in _PWD', 'MYSQL_PWD=hunter22-secret-x', 'hunter22'],
  ['a cookie', 'Cookie: session=hunter22secretvalue', 'hunter22'],
  ['a header with a key', 'x-api-key: hunter22secretvalue1234', 'hunter22'],
  ['a header of Vault', 'X-Vault-Token: hvs.hunter22', 'hunter22'],
  ['a key as a field', 'api_key=hunter22secretvalue1234', 'hunter22'],
  ['a key as a field of JSON', '"apiKey": "hunter22secretvalue1234"', 'hunter22'],
  ['a connection string', 'AccountName=a;AccountKey=hunter22secretvalue1234==', 'hunter22'],
  ['a short token in a variable', 'VAULT_TOKEN=hvs.hunter22short', 'hunter22'],
  ['a webhook', 'https://hooks.slack.com/services/T00000000/B00000000/hunter22hunter22', 'hunter22'],
  ['a key of Stripe', 'sk_live_hunter22hunter22hunter22', 'hunter22'],
  ['an identity of age', 'x=AGE-SECRET-KEY-1HUNTER22QQQQ', 'HUNTER22'],
  ['an identity of a plugin of age', 'AGE-PLUGIN-YUBIKEY-1HUNTER22QQQQ', 'HUNTER22'],
  ['a key of Google', 'AIzaSyhunter22hunter22hunter22hunter22hun', 'hunter22'],
  ['a password in a Secret', '{"data":{"password":"aHVudGVyMjI="}}', 'aHVudGVyMjI='],
  ['a token in a Secret', '{"data":{"apiToken":"aHVudGVyMjI="}}', 'aHVudGVyMjI='],
  ['a key in a command line', 'aws configure set aws_secret_access_key hunter22hunter22hunter22', 'hunter22'],
  ['a signed address', 'https://sts/?X-Amz-Signature=0a1b2c&X-Amz-Credential=AKIA%2F2026&x=1', '0a1b2c'],
])('hides %s', (_, text, secret) => {
  expect(text).toContain(secret);
  expect(redact(text)).not.toContain(secret);
  expect(redact(redact(text))).toBe(redact(text));
});

it('hides the key, and nothing else, of a kubeconfig that the product writes', () => {
  const keyData = base64(pem('RSA PRIVATE KEY'));
  const user = { kind: 'certificate', certificateData: base64(pem('CERTIFICATE')), keyData } as const;
  const text = kubeconfigText({
    context: 'karmada-apiserver',
    server: 'https://x',
    caData: base64(pem('CERTIFICATE')),
    user,
  });
  for (const form of [text, JSON.stringify(JSON.parse(text))]) {
    const clean = redact(form);
    expect(clean).not.toContain(keyData.slice(0, 40));
    expect(clean).toContain(user.certificateData);
  }
});

it.each([
  'subnet-0123456789abcdef0 in eu-west-1a',
  'arn:aws:eks:eu-west-1:123456789012:cluster/demo-parent',
  'https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
  'k8s-karmadas-karmadas-0a1b2c3d4e-0123456789abcdef.elb.eu-west-1.amazonaws.com',
  'sha256:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a',
  'kubectl-karmada token delete abcdef',
  `certificate-authority-data: ${base64(pem('CERTIFICATE'))}`,
  pem('CERTIFICATE'),
  '',
])('leaves alone %j', (text) => {
  expect(redact(text)).toBe(text);
});

it('hides a key whose lines come one by one, with others among them', () => {
  const redactor = makeRedactor();
  const lines = [...pem('RSA PRIVATE KEY').trimEnd().split('\n'), 'after'];
  lines.splice(2, 0, 'warning: of another stream');
  expect(lines.map(redactor)).toEqual([
    '<hidden> private key',
    '<hidden>',
    'warning: of another stream',
    '<hidden>',
    '<hidden>',
    'after',
  ]);
});

it('hides a key in base64 that goes over several lines', () => {
  const redactor = makeRedactor();
  const wrapped = base64(pem('PRIVATE KEY').repeat(2)).match(/.{1,64}/g) ?? [];
  expect([...wrapped, 'after: x'].map(redactor)).toEqual([...wrapped.map(() => '<hidden>'), 'after: x']);
});

it('does not take the rest of a log for a key that never ends', () => {
  const redactor = makeRedactor();
  redactor('-----BEGIN PRIVATE KEY-----');
  expect(redactor('deployed the stack')).toBe('deployed the stack');
  for (let line = 0; line < 300; line += 1) redactor('a line of the log');
  expect(redactor('done')).toBe('done');
});
