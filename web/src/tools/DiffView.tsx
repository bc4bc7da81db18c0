import { memo, useMemo, useState } from 'react'
import type { FileChange } from './fileChanges.ts'
import { countOf, firstLines, hunksOf, lineDiff, type DiffLine } from './lineDiff.ts'
import './diff.css'

const folded = 24

/** One file's change, legible on a narrow screen: it wraps, and says with + and − what the colours say. */
export const DiffView = memo(function DiffView({ change }: { change: FileChange }) {
  const lines = useMemo(() => lineDiff(change.before ?? '', change.after), [change])
  const [open, setOpen] = useState(false)
  const hunks = useMemo(() => hunksOf(lines), [lines])
  const shown = useMemo(() => (open ? hunks : firstLines(hunks, folded)), [hunks, open])
  const { added, removed } = countOf(lines)
  const total = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0)
  return (
    <figure className="diff" aria-label={`Changes of ${change.path}`}>
      <figcaption>
        <span className="diff-path">{change.path}</span>
        <Counts added={added} removed={removed} />
      </figcaption>
      <div className="diff-body">
        {shown.map((hunk, h) => (
          <div key={h} className="hunk">
            {hunk.lines.map((line, i) => (
              <Line key={i} line={line} />
            ))}
          </div>
        ))}
      </div>
      {total > folded && (
        <button type="button" className="code-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${total} lines`}
        </button>
      )}
    </figure>
  )
})

export function Counts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="diff-counts">
      <span className="diff-added" aria-label={`${added} lines added`}>
        +{added}
      </span>{' '}
      <span className="diff-removed" aria-label={`${removed} lines removed`}>
        −{removed}
      </span>
    </span>
  )
}

function Line({ line }: { line: DiffLine }) {
  const kind = line.mark === '+' ? 'line-added' : line.mark === '-' ? 'line-removed' : 'line-same'
  return (
    <div className={`diff-line ${kind}`}>
      <span className="diff-number" aria-hidden="true">
        {line.after ?? line.before}
      </span>
      <span className="diff-mark">{line.mark === '-' ? '−' : line.mark}</span>
      <code>{line.text || ' '}</code>
    </div>
  )
}
