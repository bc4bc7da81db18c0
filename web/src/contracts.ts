import type { components } from './contracts.gen.ts'

/** The hub's wire types by their own names. */
type Schemas = components['schemas']

export type Session = Schemas['Session'] & Interruptible
export type SessionPatch = Schemas['SessionPatch']
export type SessionSummary = Schemas['SessionSummary'] & Interruptible
export type SessionList = Schemas['SessionList']
export type SessionDetail = Schemas['SessionDetail']
export type ChatMessage = Schemas['ChatMessage']
export type Delivery = Schemas['Delivery']
export type MessagePage = Schemas['MessagePage']
export type LiveStream = Schemas['LiveStream']
export type ModeOption = Schemas['ModeOption']
export type ModelOption = Schemas['ModelOption']
export type PendingRequest = Schemas['PendingRequest']
export type ApproveRequest = Schemas['ApproveRequest']
export type DenyRequest = Schemas['DenyRequest']
export type SendRequest = Schemas['SendRequest']
export type CancelResponse = Schemas['CancelResponse']
export type RetryResponse = Schemas['RetryResponse']
export type Machine = Schemas['Machine']
export type MachineList = Schemas['MachineList']
export type QueuedStateResponse = Schemas['QueuedStateResponse']
export type AuthResponse = Schemas['AuthResponse']
export type PairResponse = Schemas['PairResponse']
export type Done = Schemas['Done']

/** The answer of `POST /api/sessions/reopen-interrupted`. */
export interface ReopenAllResponse {
  readonly sessions: readonly string[]
}

/** Ended by what nobody wanted: it can be brought back. */
interface Interruptible {
  readonly interrupted?: boolean
}

/** One event of the hub's stream; `type` tells which. */
export type SyncEvent = Schemas['SyncEvent']
