// Writes src/contracts.gen.ts from the hub's OpenAPI document. With --check it only says whether the file is stale.
import { readFileSync, writeFileSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapi, { astToString } from 'openapi-typescript'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const target = at('src/contracts.gen.ts')
const document = JSON.parse(readFileSync(at('openapi.json'), 'utf8'))
const text = `// Generated from openapi.json by "npm run contracts". Do not edit.\n\n${astToString(await openapi(document))}`

if (!process.argv.includes('--check')) {
  writeFileSync(target, text)
} else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('src/contracts.gen.ts is stale. Run "npm run contracts" in web/ and commit the result.')
  process.exit(1)
}
