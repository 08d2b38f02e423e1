import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, describe, expect } from 'vitest';

/** Where distributions put it. */
const PLACES = [
  process.env.PANELIST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const path = PLACES.find((place) => place !== undefined && existsSync(place));
if (path === undefined)
  console.log(`Tests in a browser are skipped: there is no Chromium here. PANELIST_CHROMIUM may name one.`);

/** A machine that is busy with other tests may take a browser's time for more than a minute. */
const RETRIES = 2;

/** Like `describe`, skipped where there is no browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  const describeOrSkip = path === undefined ? describe.skip : describe;
  describeOrSkip(name, { retry: RETRIES }, tests);
}

let browser: Promise<Browser> | undefined;
/** Of the test that is run: pages that stay open would go on asking their servers. */
const contexts: BrowserContext[] = [];

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

afterAll(async () => (await browser)?.close());

/** What a page must never do, whatever it displays. */
export interface Misdeeds {
  /** Errors of scripts, refusals of the policy, and dialogs: empty. */
  readonly list: string[];
}

/** A page in a profile of its own. English on a wide screen, unless said otherwise. */
export async function openPage(
  url: string,
  { language = 'en', ...options }: BrowserContextOptions & { readonly language?: 'en' | 'zh' } = {},
): Promise<Page & Misdeeds> {
  browser ??= chromium.launch({
    // Without it, a download whose name has other letters than English ones loses its name.
    env: { ...process.env, LANG: 'C.UTF-8' } as Record<string, string>,
    executablePath: path as string,
    args: ['--no-sandbox'],
  });
  const context = await (await browser).newContext({
    viewport: { width: 1_280, height: 900 },
    colorScheme: 'light',
    ...options,
  });
  contexts.push(context);
  await context.addInitScript(
    `localStorage.getItem('panelist.language') ?? localStorage.setItem('panelist.language', '${language}')`,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const list = watchForMisdeeds(page);
  await page.goto(url);
  return Object.assign(page, { list });
}

/** Another tab of the same profile. */
export async function openTab(page: Page, url: string): Promise<Page & Misdeeds> {
  const tab = await page.context().newPage();
  tab.setDefaultTimeout(60_000);
  const list = watchForMisdeeds(tab);
  await tab.goto(url);
  return Object.assign(tab, { list });
}

function watchForMisdeeds(page: Page): string[] {
  const list: string[] = [];
  page.on('pageerror', (error) => list.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    list.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    const text = message.text();
    // A request that is refused is one of the page's states.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) list.push(text);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && hostname !== '127.0.0.1')
      list.push(`request: ${request.url()}`);
  });
  return list;
}

const axeFile = new URL('../../node_modules/axe-core/axe.min.js', import.meta.url);

/** Expects nothing that axe calls serious or critical, and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  const axe = await readFile(axeFile, 'utf8');
  const found = await page.evaluate(
    `${axe}; axe.run(document).then(({ violations }) => violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
  );
  expect(found).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}
