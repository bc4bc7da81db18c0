import type { HistoryRow } from './historyRow.ts'

export interface Day {
  readonly name: string
  readonly rows: readonly HistoryRow[]
}

/** Rows under the day they fall on, in this place's time, in the order they came. */
export function daysOf(rows: readonly HistoryRow[], now: number): Day[] {
  const days: { name: string; rows: HistoryRow[] }[] = []
  for (const row of rows) {
    const name = dayName(row.at, now)
    const last = days.at(-1)
    if (last?.name === name) last.rows.push(row)
    else days.push({ name, rows: [row] })
  }
  return days
}

function dayName(at: number, now: number): string {
  const day = new Date(at)
  const today = new Date(now)
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (day.toDateString() === today.toDateString()) return 'Today'
  if (day.toDateString() === yesterday.toDateString()) return 'Yesterday'
  return day.toLocaleDateString([], { day: 'numeric', month: 'long', ...(day.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }) })
}

export function clockTime(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
