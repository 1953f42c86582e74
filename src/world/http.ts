/**
 * The port to plain HTTP reads: getting this machine's address from AWS's check-ip service, and checking that a
 * download exists.
 */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a URL, without the body for `HEAD`; never rejects. The time limit is in ms. */
export type HttpGet = (url: string, timeoutMs: number, method?: 'GET' | 'HEAD') => Promise<HttpResult>;
