import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

interface Wanted {
  readonly hasOlder: boolean
  loadOlder(): Promise<void>
  onLeave(): void
  onReturn(): void
}

const nearEnd = 24
const nearTop = 600

/**
 * Where the reader is: at the end, and then whatever grows keeps it in view; or at a row, and then that row stays where it is on the
 * screen, whatever is put above it.
 */
export function useAnchor(wanted: Wanted) {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stuck = useRef(true)
  const row = useRef<{ id: string; top: number } | null>(null)
  const loading = useRef(false)
  const latest = useRef(wanted)
  const [atEnd, setAtEnd] = useState(true)

  useEffect(() => {
    latest.current = wanted
  })

  const stick = useCallback((next: boolean) => {
    if (stuck.current === next) return
    stuck.current = next
    setAtEnd(next)
    if (next) latest.current.onReturn()
    else latest.current.onLeave()
  }, [])

  const remember = useCallback(() => {
    const view = scroller.current?.getBoundingClientRect()
    if (!view) return
    const rows = content.current?.querySelectorAll<HTMLElement>('[data-row]') ?? []
    row.current = null
    for (const element of rows) {
      const box = element.getBoundingClientRect()
      if (box.bottom > view.top) {
        row.current = { id: element.dataset['row'] ?? '', top: box.top - view.top }
        return
      }
    }
  }, [])

  const hold = useCallback(() => {
    const view = scroller.current
    if (!view) return
    if (stuck.current) {
      view.scrollTop = view.scrollHeight
      return
    }
    const kept = row.current
    const element = kept ? content.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(kept.id)}"]`) : null
    if (kept && element) {
      const moved = element.getBoundingClientRect().top - view.getBoundingClientRect().top - kept.top
      if (Math.abs(moved) >= 1) view.scrollTop += moved
    }
  }, [])

  const reachUp = useCallback(() => {
    const view = scroller.current
    if (!view || loading.current || !latest.current.hasOlder || view.scrollTop > nearTop) return
    loading.current = true
    void latest.current.loadOlder().finally(() => {
      loading.current = false
    })
  }, [])

  // Before the browser paints: nothing is ever seen in the wrong place.
  useLayoutEffect(hold)

  useEffect(() => {
    const view = scroller.current
    const inner = content.current
    if (!view || !inner) return
    let before = view.scrollTop
    const scrolled = () => {
      const gap = view.scrollHeight - view.scrollTop - view.clientHeight
      // Only the reader's own way up leaves the end; content that grows does not.
      if (view.scrollTop < before - 1 && gap > nearEnd) stick(false)
      else if (gap <= nearEnd) stick(true)
      before = view.scrollTop
      if (!stuck.current) remember()
      reachUp()
    }
    const resized = new ResizeObserver(() => {
      hold()
      before = view.scrollTop
      reachUp()
    })
    view.addEventListener('scroll', scrolled, { passive: true })
    resized.observe(inner)
    resized.observe(view)
    return () => {
      view.removeEventListener('scroll', scrolled)
      resized.disconnect()
    }
  }, [hold, reachUp, remember, stick])

  const toEnd = useCallback(() => {
    stick(true)
    const view = scroller.current
    view?.scrollTo({ top: view.scrollHeight })
  }, [stick])

  return useMemo(() => ({ scroller, content, atEnd, toEnd }), [atEnd, toEnd])
}
