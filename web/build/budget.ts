import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Fails the build when the JavaScript before the session list, or what the chat adds to it, grows past its limit (KB, gzip). */
export function budget(limits: { entry: number; 'chat on top': number }): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter(item => item.type === 'chunk')
      const find = (test: (chunk: Rolldown.OutputChunk) => boolean) => chunks.find(test)
      const entry = find(chunk => chunk.isEntry)
      const page = (path: string) => find(chunk => chunk.facadeModuleId?.endsWith(path) === true)
      const signedIn = page('/app/SignedIn.tsx')
      const list = page('/sessions/SessionsPage.tsx')
      const chat = page('/threads/ThreadPage.tsx')
      if (!entry || !signedIn || !list || !chat) this.error('The budget cannot find the entry, the list and the chat.')

      const before = closure([entry, signedIn, list], chunks)
      const onTop = new Set([...closure([chat], chunks)].filter(chunk => !before.has(chunk)))
      for (const [name, size, limit] of [
        ['entry', kilobytes(before), limits.entry],
        ['chat on top', kilobytes(onTop), limits['chat on top']],
      ] as const) {
        const line = `${name}: ${size.toFixed(1)} KB of ${limit} KB JavaScript, gzip`
        if (size > limit) this.error(`Over budget. ${line}`)
        console.log(line)
      }
    },
  }
}

function closure(start: Rolldown.OutputChunk[], all: Rolldown.OutputChunk[]): Set<Rolldown.OutputChunk> {
  const reached = new Set(start)
  for (const chunk of reached) {
    for (const name of chunk.imports) {
      const next = all.find(c => c.fileName === name)
      if (next) reached.add(next)
    }
  }
  return reached
}

function kilobytes(chunks: Set<Rolldown.OutputChunk>): number {
  return [...chunks].reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0) / 1024
}
