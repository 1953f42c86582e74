/** The port to plain HTTP reads; the product makes one: asking AWS's check-ip service for this machine's address. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a URL; never rejects. The time limit is in ms. */
export type HttpGet = (url: string, timeoutMs: number) => Promise<HttpResult>;
