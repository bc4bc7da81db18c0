/** The product's mark: two prompts that smile. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect width="48" height="48" rx="13" fill="var(--accent)" />
      <path d="M14 14l5 5-5 5M29 14l5 5-5 5M14 31c3 3.600 6.300 5.200 10 5.200S31 34.600 34 31" fill="none" stroke="var(--accent-ink)" strokeWidth="3.600" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
