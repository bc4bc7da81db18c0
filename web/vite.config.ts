import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { brotliTwins } from './build/brotliTwins.ts'
import { budget } from './build/budget.ts'
import { offlineShell } from './build/offlineShell.ts'

const hub = process.env['HAPI_API_URL'] ?? 'http://127.0.0.1:3006'

// The hub refuses other origins; here the page and the hub are one.
const proxy = { '/api': { target: hub, changeOrigin: true, headers: { origin: hub } } }

export default defineConfig({
  plugins: [react(), budget({ entry: 110, 'chat on top': 130 }), offlineShell(), brotliTwins()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy },
  preview: { proxy },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
} as Parameters<typeof defineConfig>[0])
