import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { agents } from '../support/stage.ts'
import { ModelServer } from '../support/model-server.ts'
import { steersFromAPhone } from '../support/steering.ts'

const slowText = Array.from({ length: 40 }, (_, i) => `Line ${i + 1} of forty.`).join('\n\n')

steersFromAPhone({
  name: 'the real Gemini over ACP',
  start: async stage => {
    const model = await ModelServer.start(stage, {
      rules: [
        { match: 'MAKE_FILE', steps: [{ tool: { kind: 'shell', command: 'echo made > made.txt' } }, { text: 'The work is finished.' }] },
        { match: 'WRITE_SLOWLY', steps: [{ text: slowText, chunk: 12, delayMs: 70 }] },
      ],
    })
    mkdirSync(join(stage.home, '.gemini'))
    writeFileSync(
      join(stage.home, '.gemini', 'settings.json'),
      JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' } },
        general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      }),
    )
    const session = stage.hapi(['acp', '--', 'gemini', '--acp'], {
      PATH: `${agents}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      GEMINI_API_KEY: 'dummy',
      GOOGLE_GEMINI_BASE_URL: model.url,
      GEMINI_CLI_NO_RELAUNCH: 'true',
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
    })
    return { session, model }
  },
  run: { prompt: 'MAKE_FILE please', file: 'made.txt', final: /The work is finished\./, denied: /Stopped|denied|cancel|finished/i },
  slow: { prompt: 'WRITE_SLOWLY please', first: /Line 3 of forty\./, last: /Line 40 of forty\./ },
})
