import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/** Emits the service worker with the list of files that make the app open without a network. */
export function offlineShell(): Plugin {
  return {
    name: 'offline-shell',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = Object.keys(bundle).filter(name => name.startsWith('assets/')).map(name => `/${name}`)
        const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
        const source = readFileSync(new URL('./serviceWorker.js', import.meta.url), 'utf8')
          .replace('__VERSION__', JSON.stringify(version))
          .replace('__FILES__', JSON.stringify(['/', '/icon.svg', '/app.webmanifest', ...files]))
        this.emitFile({ type: 'asset', fileName: 'sw.js', source })
      },
    },
  }
}
