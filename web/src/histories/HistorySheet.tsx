import { useInfiniteQuery } from '@tanstack/react-query'
import { useMinutes } from '../app/clock.ts'
import { Icon, type IconName } from '../controls/Icon.tsx'
import { Sheet } from '../controls/Sheet.tsx'
import { messageOf } from '../hub/errors.ts'
import { clockTime, daysOf } from './days.ts'
import type { HistoryRow } from './historyRow.ts'
import { lineOf } from './historyWords.ts'
import { readHistory } from './pages.ts'
import './history.css'

/** Who did what to this session, and when. */
export default function HistorySheet({ sessionId, onClose }: { sessionId: string; onClose: () => void }) {
  const history = useInfiniteQuery({
    queryKey: ['history', sessionId],
    queryFn: ({ pageParam }) => readHistory(sessionId, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: page => page.next,
    // What was read an hour ago is no history of the last hour.
    gcTime: 0,
  })
  const now = useMinutes()
  const rows = history.data?.pages.flatMap(page => page.rows) ?? []
  return (
    <Sheet title="History" onClose={onClose}>
      {history.isPending && (
        <p className="history-state hint" role="status">
          Reading…
        </p>
      )}
      {history.data && rows.length === 0 && <p className="history-state hint">Nothing is recorded of this session yet.</p>}
      {daysOf(rows, now).map(day => (
        <section key={day.name} className="history-day" aria-label={day.name}>
          <h3>{day.name}</h3>
          <ol>
            {day.rows.map(row => (
              <Row key={row.seq} row={row} />
            ))}
          </ol>
        </section>
      ))}
      {history.error && (
        <div className="history-state" role="alert">
          <p className="problem">
            <Icon name="alert" />
            <span>The history could not be read. {messageOf(history.error)}</span>
          </p>
          <button type="button" className="button" onClick={() => void (rows.length > 0 ? history.fetchNextPage() : history.refetch())}>
            Try again
          </button>
        </div>
      )}
      {history.hasNextPage && !history.error && (
        <button type="button" className="button history-more" data-testid="history-more" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {history.isFetchingNextPage ? 'Reading…' : 'Older'}
        </button>
      )}
    </Sheet>
  )
}

function Row({ row }: { row: HistoryRow }) {
  const { what, more } = lineOf(row)
  return (
    <li data-testid="history-row" data-kind={row.kind}>
      <time dateTime={new Date(row.at).toISOString()} title={new Date(row.at).toLocaleString()}>
        {clockTime(row.at)}
      </time>
      <Icon name={iconOf(row.kind)} size={17} />
      <span>
        {what}
        {more && <small>{more}</small>}
      </span>
    </li>
  )
}

function iconOf(kind: string): IconName {
  const [group, act] = kind.split('.')
  if (group === 'permission') return act === 'approved' ? 'check' : 'cross'
  if (group === 'config') return 'wrench'
  if (group === 'process' || group === 'runner' || group === 'machine') return 'machine'
  if (group !== 'session') return 'info'
  return act === 'renamed' ? 'edit' : act === 'reopened' ? 'refresh' : act === 'archived' ? 'archive' : act === 'interrupted' ? 'alert' : act === 'ended' ? 'stop' : 'info'
}
