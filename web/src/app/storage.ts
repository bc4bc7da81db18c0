/** What is kept in this browser. A full or forbidden storage loses the convenience, never the page. */
const prefix = 'hapi:'

export function readStored<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(prefix + key)
    return text === null ? null : (JSON.parse(text) as T)
  } catch {
    return null
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) localStorage.removeItem(prefix + key)
    else localStorage.setItem(prefix + key, JSON.stringify(value))
  } catch {
    // Private windows and full disks: what is on the screen still works.
  }
}

export function storedKeys(start: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter(key => key.startsWith(prefix + start))
      .map(key => key.slice(prefix.length))
  } catch {
    return []
  }
}

export function clearStored(): void {
  for (const key of storedKeys('')) writeStored(key, null)
}
