import { expect, openOnlySession, send, test } from '../support/fixtures.ts'

test.describe('a first visit', () => {
  test('the link signs in, leaves the address bar, and works once', async ({ page, stage, browser }) => {
    const up = stage.hapi(['up', '--json', '--port', String(await stage.freePort())])
    const [, link] = await up.printed(/"link":"([^"]+)"/)
    await page.goto(link ?? '')
    await expect(page.getByTestId('session-row')).toHaveCount(1)
    expect(page.url()).not.toContain('code=')

    // Opened again it neither signs this browser out nor another one in.
    await page.goto('about:blank')
    await page.goto(link ?? '')
    await expect(page.getByTestId('session-row')).toHaveCount(1)
    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(link ?? '')
    await expect(stranger.getByTestId('sign-in-token')).toBeVisible()
    await stranger.context().close()
  })

  test('on a wide screen the newest text and the composer are in view', async ({ page, stage }) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await stage.hub()
    stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await send(page, 'slow')
    await expect(page.getByText('This is line 45.')).toBeInViewport()
    await expect(page.getByTestId('composer-input')).toBeInViewport()
    await page.reload()
    await expect(page.getByText('This was line fifty, the last one.')).toBeInViewport()
    await expect(page.getByTestId('composer-input')).toBeInViewport()
  })

  test('a long name is cut, and moves nothing out of a narrow screen', async ({ page, stage }) => {
    await stage.hub()
    stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await send(page, 'run')
    await page.getByTestId('session-menu').click()
    await page.getByTestId('menu-rename').click()
    await page.getByTestId('rename-input').fill('A name that is much longer than any screen in a pocket is wide, '.repeat(3))
    await page.getByTestId('rename-save').click()
    await expect(page.getByRole('heading', { name: 'A name that is much longer' })).toBeVisible()
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 700 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await expect(page.getByTestId('session-menu')).toBeInViewport({ ratio: 1 })
      await expect(page.getByTestId('composer-send')).toBeInViewport({ ratio: 1 })
    }
    // Who says why not can type at once.
    await page.getByTestId('permission-deny-reason').click()
    await expect(page.getByTestId('permission-reason')).toBeFocused()
  })

  test('a session is renamed and archived, and says why it ended', async ({ page, stage }) => {
    await stage.hub()
    const session = stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await page.getByTestId('session-menu').click()
    await page.getByTestId('menu-rename').click()
    await page.getByTestId('rename-input').fill('The shed')
    await page.getByTestId('rename-save').click()
    await expect(page.getByRole('heading', { name: 'The shed' })).toBeVisible()
    await page.getByTestId('session-menu').click()
    await page.getByTestId('menu-archive').click()
    await page.getByTestId('menu-confirm').click()
    expect(await session.gone()).toBe(0)
    await expect(page.getByTestId('ended-why')).toHaveText('You ended it')
  })

  test('what was typed survives a reload, and a queued message can be taken back', async ({ page, stage }) => {
    await stage.hub()
    stage.hapi(['demo'])
    await openOnlySession(page, stage)
    await send(page, 'slow')
    await send(page, 'this one waits')
    await page.getByTestId('queue-item').getByTestId('queue-cancel').click()
    await expect(page.getByTestId('queue-item')).toHaveCount(0)
    await page.getByTestId('composer-input').fill('half a thought')
    await page.waitForFunction(() => Object.values(localStorage).some(v => v.includes('half a thought')))
    await page.reload()
    await expect(page.getByTestId('composer-input')).toHaveValue('half a thought')
  })
})
