import { memo, useMemo, useState } from 'react'
import { Icon } from '../controls/Icon.tsx'
import { toastError } from '../notices/toasts.ts'
import { highlight } from './highlight.ts'

const folded = 18

/** Code with its colours. Long code is folded; it scrolls in itself, or wraps when asked to. */
export const CodeBlock = memo(function CodeBlock({ text, language, label }: { text: string; language: string; label?: string }) {
  const lines = useMemo(() => text.split('\n'), [text])
  const [open, setOpen] = useState(false)
  const [wrap, setWrap] = useState(false)
  const long = lines.length > folded
  const shown = long && !open ? lines.slice(0, folded - 4).join('\n') : text
  const pieces = useMemo(() => highlight(shown, language.split(/\s/)[0] ?? ''), [shown, language])
  return (
    <figure className="code" aria-label={label ?? (language ? `${language} code` : 'Code')}>
      <div className="code-bar">
        <span>{label ?? language}</span>
        <button type="button" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          {wrap ? 'Unwrap' : 'Wrap'}
        </button>
        <CopyButton text={text} />
      </div>
      <pre className={wrap ? 'wrap' : undefined}>
        <code>
          {pieces.map((piece, i) =>
            piece.ink ? (
              <span key={i} className={`ink-${piece.ink}`}>
                {piece.text}
              </span>
            ) : (
              piece.text
            ),
          )}
        </code>
      </pre>
      {long && (
        <button type="button" className="code-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${lines.length} lines`}
        </button>
      )}
    </figure>
  )
})

// The clipboard exists on secure pages only; elsewhere the text can be selected as ever.
function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  if (!globalThis.navigator?.clipboard) return null
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      (error: unknown) => toastError('Not copied.', error),
    )
  }
  return (
    <button type="button" aria-label={copied ? 'Copied' : 'Copy code'} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} size={16} />
    </button>
  )
}
