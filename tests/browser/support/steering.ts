import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, openOnlySession, send, test } from './fixtures.ts'
import type { ModelServer } from './model-server.ts'
import type { Program } from './program.ts'
import type { Stage } from './stage.ts'

/** How one agent is started on a stage, and which words make it act. */
export interface Steered {
  readonly name: string
  start(stage: Stage): Promise<{ session: Program; model?: ModelServer }>
  /** Asks permission, then leaves `file` in the project and ends with `final`. */
  readonly run: { prompt: string; file: string | null; final: RegExp; denied: RegExp }
  /** Streams for some seconds; `words` all appear, in order, exactly once. */
  readonly slow: { prompt: string; first: RegExp; last: RegExp }
}

async function begin(page: Page, stage: Stage, agent: Steered) {
  const hub = await stage.hub()
  const started = await agent.start(stage)
  await openOnlySession(page, stage)
  return { hub, ...started }
}

/** What must hold for every agent, on a phone's screen, with real processes. */
export function steersFromAPhone(agent: Steered): void {
  test.describe(agent.name, () => {
    test('a command that is approved on the page runs, and the final text shows', async ({ page, stage }) => {
      await begin(page, stage, agent)
      await send(page, agent.run.prompt)
      await expect(page.getByTestId('permission-card')).toBeVisible()
      if (agent.run.file) expect(existsSync(join(stage.project, agent.run.file))).toBe(false)
      await page.getByTestId('permission-allow').click()
      await expect(page.getByTestId('thread')).toContainText(agent.run.final)
      if (agent.run.file) expect(existsSync(join(stage.project, agent.run.file))).toBe(true)
      await expect(page.getByTestId('permission-allow')).toHaveCount(0)
    })

    test('a command that is denied does not run', async ({ page, stage }) => {
      await begin(page, stage, agent)
      await send(page, agent.run.prompt)
      await page.getByTestId('permission-deny').click()
      await expect(page.getByTestId('thread')).toContainText(agent.run.denied)
      if (agent.run.file) expect(existsSync(join(stage.project, agent.run.file))).toBe(false)
    })

    test('stop ends a running turn, and the next prompt works', async ({ page, stage }) => {
      await begin(page, stage, agent)
      await send(page, agent.slow.prompt)
      await expect(page.getByTestId('thread')).toContainText(agent.slow.first)
      await page.getByTestId('composer-stop').click()
      await expect(page.getByTestId('composer-stop')).toBeDisabled()
      await send(page, agent.run.prompt)
      await page.getByTestId('permission-allow').click()
      await expect(page.getByTestId('thread')).toContainText(agent.run.final)
      await expect(page.getByTestId('thread')).not.toContainText(agent.slow.last)
    })

    test('a reload in mid-stream loses nothing', async ({ page, stage }) => {
      await begin(page, stage, agent)
      await send(page, agent.slow.prompt)
      await expect(page.getByTestId('thread')).toContainText(agent.slow.first)
      await page.reload()
      await expect(page.getByTestId('thread')).toContainText(agent.slow.first)
      await expect(page.getByTestId('thread')).toContainText(agent.slow.last)
      expect(occurrences(await page.getByTestId('thread').innerText(), agent.slow.last)).toBe(1)
      await expect(page.getByTestId('user-message')).toHaveCount(1)
    })

    test('a hub killed in mid-turn and started again: approve, finish, nothing lost or doubled', async ({ page, stage }) => {
      const { hub } = await begin(page, stage, agent)
      await send(page, agent.run.prompt)
      await expect(page.getByTestId('permission-card')).toBeVisible()
      hub.signal('SIGKILL')
      await hub.gone()
      await stage.hub()
      await page.getByTestId('permission-allow').click()
      await expect(page.getByTestId('thread')).toContainText(agent.run.final)
      if (agent.run.file) expect(existsSync(join(stage.project, agent.run.file))).toBe(true)
      await expect(page.getByTestId('user-message')).toHaveCount(1)
      expect(occurrences(await page.getByTestId('thread').innerText(), agent.run.final)).toBe(1)
    })
  })
}

function occurrences(text: string, pattern: RegExp): number {
  return text.match(new RegExp(pattern.source, 'g'))?.length ?? 0
}
