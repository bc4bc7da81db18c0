import { isObject, number, object, text, type Json } from '../app/json.ts'

/** One row of the audit, read so that no row can hide another: what is missing is `null`. */
export interface HistoryRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly actor: { readonly kind: string; readonly name: string | null }
  readonly channel: string | null
  readonly subject: string | null
  readonly reason: string | null
  readonly before: Json | null
  readonly after: Json | null
}

export function readRow(value: unknown): HistoryRow | null {
  const seq = number(value, 'seq')
  const kind = text(value, 'kind')
  if (!isObject(value) || seq === null || kind === null) return null
  const { actor } = value
  return {
    seq,
    // What was told late says itself when it happened.
    at: number(value['after'], 'happenedAt') ?? number(value, 'at') ?? 0,
    kind,
    actor: { kind: text(actor, 'kind') ?? '', name: text(actor, 'name') },
    channel: text(value, 'channel'),
    subject: text(value, 'subject'),
    reason: text(value, 'reason'),
    before: object(value['before']),
    after: object(value['after']),
  }
}
