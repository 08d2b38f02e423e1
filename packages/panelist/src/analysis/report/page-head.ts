import { createHash } from 'node:crypto';
import { type Html, html, ownMarkup } from './html.ts';

/** The content security policy allows only the page's own style, by its hash, in case markup ever gets through. */
export function pageHead({
  lang,
  title,
  style,
}: {
  readonly lang: string;
  readonly title: string;
  readonly style: string;
}): Html {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${ownMarkup(style)}</style></head>
`;
}
