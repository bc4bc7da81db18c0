import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/elements.css'
import { takeCode } from './accounts/signIn.ts'
import { App } from './app/App.tsx'
import { applyTheme } from './app/theme.ts'

applyTheme()
const code = takeCode()

// After an update of the hub an old page asks for chunks that are gone: the new page has its own.
window.addEventListener('vite:preloadError', () => location.reload())

// Only a secure page may have a worker; the app is whole without it.
if (import.meta.env.PROD && window.isSecureContext && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}

const root = document.getElementById('app')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App code={code} />
    </StrictMode>,
  )
}
