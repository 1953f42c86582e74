/**
 * SHA-256 of release files from public sources other than the publisher's own server: a checksum published next to its
 * file reveals a broken download, but not a replaced release.
 *
 * - eksctl 0.230.0: github.com/mwashburn160/pipeline-builder, `deploy/bin/tool-pins.sh` at
 * 2d82b84c038084c692cafa1e29eddaa54be92a6c,   which copied the release's `eksctl_checksums.txt`.
 * - kubectl 1.35.0: github.com/kubernetes/kops, `pkg/assets/assetdata/k8s-1.35.yaml` at
 * 4e3a9365448a4ac40560dbf4b10a8ae0fff4b449.
 * - kubectl-karmada 1.18.2: github.com/kubernetes-sigs/krew-index, `plugins/karmada.yaml` at
 * c1ba859c65037157e354ee335bed613e4a612f4c.
 */
export const knownSums: Readonly<Record<string, string>> = {
  'eksctl 0.230.0 linux/amd64': 'a2060956f117c3065abafda5c1f681679b9c3716675d70ce4ffff46033b02c35',
  'eksctl 0.230.0 linux/arm64': '21afe8a1e38f0e8153a1f27ff7af6b90e309a0411a1438139463dac2f866674d',
  'eksctl 0.230.0 darwin/amd64': '9c169be56572dae079dc1e5e2a6efff83c4cc6fc8507e54d0a6e8f4ef14df312',
  'eksctl 0.230.0 darwin/arm64': '1412b7ea32efab8141c4c7ccdf96690814d659accefdf72e4e6277ea5c87470c',
  'kubectl 1.35.0 linux/amd64': 'a2e984a18a0c063279d692533031c1eff93a262afcc0afdc517375432d060989',
  'kubectl 1.35.0 linux/arm64': '58f82f9fe796c375c5c4b8439850b0f3f4d401a52434052f2df46035a8789e25',
  'kubectl 1.35.0 darwin/amd64': '2447cb78911b10a667202b078eeb30541ec78d1280c3682921dc81607e148d96',
  'kubectl 1.35.0 darwin/arm64': 'cf699c56340dc775230fde4ef84237d27563ea6ef52164c7d078072b586c3918',
  'kubectl-karmada 1.18.2 linux/amd64': '78163e4ecde302fd973e8138a90842180dec06c83b6b9ada19ebab117cf15024',
  'kubectl-karmada 1.18.2 linux/arm64': '9f9bb7b9dcb6364e45d467f53d093e90b46ef4e9e30c1ca8c801f2d822dc0742',
  'kubectl-karmada 1.18.2 darwin/amd64': '53bf7307d0a7f3ca13f73fbce3014acdc37a82e2869d856e530e3815c9b10580',
  'kubectl-karmada 1.18.2 darwin/arm64': '823c89cb1e2b17aeaab58cb0bb8c29a5e51f67a803e93d67d1a65f7c5b148b06',
};
