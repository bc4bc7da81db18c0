import { useLocation } from 'wouter'
import { reopenAndSend } from './reopenAndSend.ts'

/** `reopenAndSend` for a page that shows the session: it follows one that comes back under another id. */
export function useReopenAndSend(id: string): () => void {
  const [, navigate] = useLocation()
  return () =>
    void reopenAndSend(id).then(to => {
      if (to !== null && to !== id) navigate(`/sessions/${to}`, { replace: true })
    })
}
