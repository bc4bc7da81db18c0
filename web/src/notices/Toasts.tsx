import { useStore } from '../app/store.ts'
import { Icon } from '../controls/Icon.tsx'
import { dismiss, toasts } from './toasts.ts'
import './notices.css'

export function Toasts() {
  const shown = useStore(toasts)
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(toast => (
        <div key={toast.id} className={`toast toast-${toast.tone}`}>
          {toast.tone === 'error' && <Icon name="alert" />}
          <span>{toast.text}</span>
          <button type="button" className="round" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
            <Icon name="cross" size={18} />
          </button>
        </div>
      ))}
    </div>
  )
}
