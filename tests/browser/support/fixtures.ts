import { test as base, type Page } from '@playwright/test'
import { Stage } from './stage.ts'

/** Every test gets a stage of its own; what the browser complains about fails the test. */
export const test = base.extend<{ stage: Stage; quiet: void }>({
  stage: async ({}, use, info) => {
    const stage = new Stage()
    await use(stage)
    if (info.status !== info.expectedStatus) {
      await info.attach('programs', { body: stage.transcript(), contentType: 'text/plain' })
    }
    await stage.end()
  },
  quiet: [
    async ({ page }, use) => {
      const errors: string[] = []
      page.on('pageerror', error => errors.push(String(error)))
      page.on('console', line => {
        // What is refused by the security policy is a defect; a lost connection is part of some tests.
        if (line.type() === 'error' && /Content.Security.Policy/i.test(line.text())) errors.push(line.text())
      })
      await use()
      if (errors.length > 0) throw new Error(`The page failed:\n${errors.join('\n')}`)
    },
    { auto: true },
  ],
})

export { expect } from '@playwright/test'

/** Signs in with the owner's token and opens the only session there is. */
export async function openOnlySession(page: Page, stage: Stage): Promise<void> {
  await page.goto(stage.url)
  await page.getByTestId('sign-in-token').fill(stage.token)
  await page.getByTestId('sign-in-submit').click()
  await page.getByTestId('session-row').first().click()
  await page.getByTestId('thread').waitFor()
}

export async function send(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer-input').fill(text)
  await page.getByTestId('composer-send').click()
}
