/** The page's Content-Security-Policy: a browser fetches nothing for it and runs nothing of it, whatever names there are. */
export const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
