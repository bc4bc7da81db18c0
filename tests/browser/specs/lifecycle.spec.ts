import { expect, openOnlySession, send, test } from '../support/fixtures.ts'
import type { Page } from '@playwright/test'
import type { Stage } from '../support/stage.ts'

async function archive(page: Page): Promise<void> {
  await page.getByTestId('session-menu').click()
  await page.getByTestId('menu-archive').click()
  await page.getByTestId('menu-confirm').click()
  await expect(page.getByTestId('ended')).toBeVisible()
}

test.describe('a session that is over', () => {
  test('says why in plain words, on its page and in the list', async ({ page, stage }) => {
    await stage.hub()
    const session = stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await archive(page)
    expect(await session.gone()).toBe(0)
    await expect(page.getByTestId('ended-word')).toHaveText('Archived')
    await expect(page.getByTestId('ended-why')).toHaveText('You ended it')
    await page.getByRole('link', { name: 'Back to the sessions' }).click()
    await page.getByRole('button', { name: /^Ended/ }).click()
    await expect(page.getByTestId('session-row')).toContainText('Archived · You ended it')
  })

  test('loses no text when it cannot be brought back, not even over a reload', async ({ page, stage }) => {
    await stage.hub()
    const session = stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await archive(page)
    await session.gone()
    await send(page, 'Go on where you were')
    await expect(page.getByTestId('reopen-problem')).toBeVisible()
    await expect(page.getByTestId('composer-input')).toHaveValue('Go on where you were')
    await expect(page.getByTestId('user-message')).toHaveCount(0)
    await page.reload()
    await expect(page.getByTestId('composer-input')).toHaveValue('Go on where you were')
  })

  test('that ends while a message is on its way keeps it, and offers to reopen', async ({ page, stage }) => {
    await stage.hub()
    const session = stage.hapi(['demo'])
    await openOnlySession(page, stage)
    // Another device ends it between the press of the button and the hub's answer.
    await page.route('**/api/sessions/*/messages', async route => {
      if (route.request().method() === 'POST') {
        await archiveElsewhere(stage)
        await session.gone()
      }
      await route.continue()
    })
    await send(page, 'too late')
    await expect(page.getByTestId('delivery')).toContainText('the session has ended')
    await expect(page.getByTestId('outgoing-reopen')).toBeVisible()
    await page.getByTestId('outgoing-edit').click()
    await expect(page.getByTestId('composer-input')).toHaveValue('too late')
  })
})

async function archiveElsewhere(stage: Stage): Promise<void> {
  const { sessions } = await stage.api<{ sessions: { id: string }[] }>('GET', '/api/sessions')
  await stage.api('POST', `/api/sessions/${sessions[0]?.id}/archive`)
}
