import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type { Plugin } from 'vite'

const text = /\.(html|js|css|svg|json|webmanifest)$/

/** Writes a `.br` beside every text file, so that the hub serves compressed bytes without compressing. */
export function brotliTwins(): Plugin {
  let folder = ''
  return {
    name: 'brotli-twins',
    apply: 'build',
    enforce: 'post',
    configResolved: config => {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      handler: () => {
        for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
          const file = join(folder, path)
          if (text.test(path) && statSync(file).isFile()) {
            const bytes = readFileSync(file)
            const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
            writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }))
          }
        }
      },
    },
  }
}
