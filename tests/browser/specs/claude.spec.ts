import { agents } from '../support/stage.ts'
import { ModelServer } from '../support/model-server.ts'
import { steersFromAPhone } from '../support/steering.ts'

const slowText = Array.from({ length: 40 }, (_, i) => `Line ${i + 1} of forty.`).join('\n\n')

steersFromAPhone({
  name: 'the real Claude Code',
  start: async stage => {
    const model = await ModelServer.start(stage, {
      rules: [
        { match: 'MAKE_FILE', steps: [{ tool: { kind: 'shell', command: 'echo made > made.txt' } }, { text: 'The work is finished.' }] },
        { match: 'WRITE_SLOWLY', steps: [{ text: slowText, chunk: 12, delayMs: 70 }] },
      ],
    })
    const session = stage.hapi(['claude'], {
      PATH: `${agents}:/usr/local/bin:/usr/bin:/bin`,
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'dummy',
      CLAUDE_CONFIG_DIR: `${stage.home}/.claude`,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
    })
    return { session, model }
  },
  run: { prompt: 'MAKE_FILE please', file: 'made.txt', final: /The work is finished\./, denied: /The work is finished\./ },
  slow: { prompt: 'WRITE_SLOWLY please', first: /Line 3 of forty\./, last: /Line 40 of forty\./ },
})
