import type { Page } from 'playwright-core';

export interface Preparation {
  /** Makes it a run of its own. */
  readonly seed: number;
  /** @default the server's first */
  readonly model?: string;
  /** Interviews at once. @default unlimited */
  readonly concurrency?: number;
}

/** Fills in the page New survey with the built-in example, until it can be sent out. */
export async function prepareExample(page: Page, { seed, model, concurrency }: Preparation): Promise<void> {
  await page.getByRole('button', { name: 'Use the built-in example' }).click();
  if (model !== undefined) await page.getByLabel('Model').selectOption(model);
  await page.locator('summary', { hasText: 'Settings' }).click();
  await page.getByLabel('Seed').fill(String(seed));
  if (concurrency !== undefined) {
    await page.locator('summary', { hasText: 'Limits' }).click();
    await page.getByLabel('Interviews at once').fill(String(concurrency));
  }
  await page.getByText('Valid: 5 questions on 2 pages.').waitFor();
  await page.getByRole('button', { name: 'Go' }).and(page.locator(':enabled')).waitFor();
}

/** Presses Go. @returns the address of the run */
export async function sendOut(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Go' }).click();
  await page.waitForURL('**/tasks/*');
  return page.url();
}

/** The status that a page displays, of its task or of one in its list. */
export function statusOf(page: Page, status: string) {
  return page.locator('[data-status]', { hasText: status });
}
