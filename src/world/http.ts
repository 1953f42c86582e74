/** The port to plain HTTP reads: this machine's public address, and whether a download exists. */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads a URL, without the body for `HEAD`; never rejects. The time limit is in ms. */
export type HttpGet = (url: string, timeoutMs: number, method?: 'GET' | 'HEAD') => Promise<HttpResult>;
