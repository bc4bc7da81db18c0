/** Reading values that nobody vouches for: every function takes anything and never throws. */
export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function object(value: unknown): Json | null {
  return isObject(value) ? value : null
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The first of the members that is a string. */
export function text(value: unknown, ...names: string[]): string | null {
  if (!isObject(value)) return null
  for (const name of names) {
    const member = value[name]
    if (typeof member === 'string') return member
  }
  return null
}

/** The first of the members that is a finite number. */
export function number(value: unknown, ...names: string[]): number | null {
  if (!isObject(value)) return null
  for (const name of names) {
    const member = value[name]
    if (typeof member === 'number' && Number.isFinite(member)) return member
  }
  return null
}

/** Looks a name up that comes from elsewhere: `constructor` is no entry of any table. */
export function lookup<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

export function pretty(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value, null, 2) ?? ''
  } catch {
    return ''
  }
}
