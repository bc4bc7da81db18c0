import type { ReactNode } from 'react'
import { Icon } from '../controls/Icon.tsx'

export function RequestHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="request-head">
      <span className="request-badge">
        <Icon name="question" size={18} />
      </span>
      <h2>{title}</h2>
      {children}
    </header>
  )
}
