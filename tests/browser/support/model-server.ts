import { dirname, join, resolve } from 'node:path'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Stage } from './stage.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The tests' own scripted model server: the only "model" any agent here ever talks to. */
export class ModelServer {
  private constructor(readonly url: string) {}

  static async start(stage: Stage, scenario: unknown): Promise<ModelServer> {
    const file = join(stage.folder, 'scenario.json')
    writeFileSync(file, JSON.stringify(scenario))
    const program = ['release', 'debug'].map(kind => join(root, 'artifacts/bin/Hapi.ModelServer', kind, 'Hapi.ModelServer')).find(existsSync)
    if (!program) throw new Error('The model server is not built.')
    const server = stage.tool('model server', program, ['--scenario', file])
    const [, url] = await server.printed(/listening (http:\/\/127\.0\.0\.1:\d+)/)
    return new ModelServer(url ?? '')
  }

  /** Lets a step that waits at this gate go on. */
  async open(gate: string): Promise<void> {
    const answer = await fetch(`${this.url}/__gates/${gate}/open`, { method: 'POST' })
    if (!answer.ok) throw new Error(`Gate ${gate}: ${answer.status}`)
  }
}
