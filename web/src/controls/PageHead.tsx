import { Link } from 'wouter'
import { Icon } from './Icon.tsx'
import './page.css'

/** The head of a page that is opened over the list: where it came from and what it is. */
export function PageHead({ title }: { title: string }) {
  return (
    <header className="page-head">
      <Link href="/" className="round page-back" aria-label="Back to the sessions">
        <Icon name="back" />
      </Link>
      <h1>{title}</h1>
    </header>
  )
}
