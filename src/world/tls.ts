/** The port to TLS servers: which certificate one presents. */
export type TlsResult =
  | { readonly kind: 'presented'; readonly certificate: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Connects, and answers the certificate (PEM) of the server without trusting it; nothing is sent. Never rejects. The limit is in ms. */
export type PresentedBy = (host: string, port: number, timeoutMs: number) => Promise<TlsResult>;
