import { existsSync } from 'node:fs'
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

test.describe('with a runner', () => {
  test('a session that was archived tells its history, and one tap reopens it and sends', async ({ page, stage }) => {
    await stage.hub()
    await runner(stage)
    const session = stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await archive(page)
    await session.gone()
    await send(page, 'Hello again')
    await expect(page.getByTestId('thread')).toContainText('Hello again')
    await expect(page.getByTestId('agent-message').first()).toBeVisible({ timeout: 60_000 })
    await expect(page.getByTestId('ended')).toHaveCount(0)
    await expect(page.getByTestId('user-message')).toHaveCount(1)

    await page.getByTestId('session-menu').click()
    await page.getByTestId('menu-history').click()
    await expect(page.locator('[data-kind="session.reopened"]').first()).toBeVisible()
    await expect(page.locator('[data-kind="session.ended"]')).toContainText('Ended by the owner')
    await expect(page.locator('[data-kind="session.started"]')).toContainText(['Started by the runner', 'Started from the'])
  })

  test('sessions that were killed stand out, and one tap brings all of them back', async ({ page, stage }) => {
    await stage.hub()
    await runner(stage)
    const sessions = [stage.hapi(['demo']), stage.hapi(['demo'])]
    await openOnlySession(page, stage)
    await page.getByRole('link', { name: 'Back to the sessions' }).click()
    await expect(page.getByTestId('session-row')).toHaveCount(2)
    for (const session of sessions) session.signal('SIGKILL')
    await expect(page.getByTestId('interrupted-bar')).toContainText('2 sessions were interrupted')
    await expect(page.getByRole('region', { name: 'Interrupted', exact: true }).getByTestId('session-row').first()).toContainText('Its process ended without a word')
    await page.getByTestId('reopen-all').click()
    await expect(page.getByRole('region', { name: 'Idle' }).getByTestId('session-row')).toHaveCount(2, { timeout: 80_000 })
    await expect(page.getByTestId('interrupted-bar')).toHaveCount(0)
  })

  test('a session is started from the phone, seen on its machine, and stopped there', async ({ page, stage }) => {
    await stage.hub()
    await runner(stage)
    await signIn(page, stage)
    await page.getByTestId('new-session').click()
    await page.getByTestId('start-folder').fill(`${stage.project}/missing`)
    await expect(page.getByTestId('start-folder-note')).toContainText('no such folder')
    await page.getByTestId('start-folder').fill(stage.project)
    await expect(page.getByTestId('start-folder-note')).toContainText('is there')
    await page.getByTestId('start-agent-demo').check()
    await page.getByTestId('start-submit').click()
    await expect(page.getByTestId('thread')).toBeVisible({ timeout: 60_000 })
    await send(page, 'Hello')
    await expect(page.getByTestId('agent-message').first()).toBeVisible()

    await page.goto(stage.url)
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByTestId('machine-link').click()
    await expect(page.getByTestId('machine-facts')).toHaveAttribute('data-runner', 'running')
    await page.getByTestId('machine-rename').click()
    await page.getByTestId('machine-name').fill('The shed')
    await page.getByTestId('machine-name-save').click()
    await expect(page.getByRole('heading', { name: 'The shed' })).toBeVisible()
    await page.getByTestId('machine-stop').click()
    await page.getByTestId('menu-confirm').click()
    await expect(page.getByTestId('machine-session')).toHaveCount(0)
    await page.getByRole('link', { name: 'Back to the sessions' }).click()
    await page.getByRole('button', { name: /^Ended/ }).click()
    await expect(page.getByTestId('session-row')).toContainText('Stopped by the runner')
  })

  test('a folder that is missing is made only when that is asked for', async ({ page, stage }) => {
    await stage.hub()
    await runner(stage)
    await signIn(page, stage)
    await page.getByTestId('new-session').click()
    await page.getByTestId('start-folder').fill(`${stage.project}/fresh`)
    await page.getByTestId('start-agent-demo').check()
    await page.getByRole('button', { name: 'Create the folder and start' }).click()
    await expect(page.getByTestId('thread')).toBeVisible({ timeout: 60_000 })
    expect(existsSync(`${stage.project}/fresh`)).toBe(true)
  })
})

async function runner(stage: Stage): Promise<void> {
  stage.hapi(['runner', 'start-sync'])
  await expect.poll(() => machines(stage), { timeout: 30_000 }).toContain('running')
}

async function machines(stage: Stage): Promise<string[]> {
  const { machines: known } = await stage.api<{ machines: { runnerState: { status?: string } | null }[] }>('GET', '/api/machines')
  return known.map(machine => machine.runnerState?.status ?? 'none')
}

async function signIn(page: Page, stage: Stage): Promise<void> {
  await page.goto(stage.url)
  await page.getByTestId('sign-in-token').fill(stage.token)
  await page.getByTestId('sign-in-submit').click()
}
