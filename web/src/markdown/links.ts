const opened: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** The address when a link may open it: by its scheme, and never one of this app's own. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href)
    return opened.has(url.protocol) ? url.href : null
  } catch {
    return null
  }
}
