import { useEffect, useRef, type ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import './sheet.css'

/** A panel that rises from the bottom on a phone and stands in the middle on a wide screen. The browser keeps the focus inside. */
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} className="sheet" aria-label={title} onClose={onClose} onCancel={onClose}>
      {/* A press beside the panel closes it; the keyboard has Escape and the button. */}
      <div className="sheet-beside" role="presentation" onClick={onClose} />
      <div className="sheet-panel">
        <header className="sheet-head">
          <h2>{title}</h2>
          <button type="button" className="round" aria-label="Close" onClick={onClose}>
            <Icon name="cross" />
          </button>
        </header>
        <div className="sheet-body">{children}</div>
      </div>
    </dialog>
  )
}
