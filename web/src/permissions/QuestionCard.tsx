import { useMemo, useState } from 'react'
import { Markdown } from '../markdown/Markdown.tsx'
import { approve, deny } from './answers.ts'
import { answersBody, readQuestions, valuesOf, type Answered, type Question } from './questions.ts'
import { RequestHead } from './RequestHead.tsx'
import type { RequestProps } from './requestProps.ts'

const nothing: Answered = { chosen: [], other: '' }

export function QuestionCard({ sessionId, asked, busy, answer }: RequestProps) {
  const questions = useMemo(() => readQuestions(asked.input), [asked.input])
  const [given, setGiven] = useState<Record<string, Answered>>({})
  const complete = questions.every(question => valuesOf(given[question.key]).length > 0)
  return (
    <>
      <RequestHead title={questions.length > 1 ? `${questions.length} questions for you` : 'A question for you'} />
      {questions.map(question => (
        <Ask key={question.key} name={`${asked.id}-${question.key}`} question={question} answered={given[question.key] ?? nothing} onChange={next => setGiven(before => ({ ...before, [question.key]: next }))} />
      ))}
      <div className="request-buttons">
        <button
          type="button"
          className="button button-main"
          data-testid="question-answer"
          disabled={busy || !complete}
          onClick={() => answer(() => approve(sessionId, asked.id, { answers: answersBody(asked.tool, questions, given) }))}
        >
          Answer
        </button>
        <button type="button" className="button button-quiet" data-testid="permission-deny" disabled={busy} onClick={() => answer(() => deny(sessionId, asked.id, {}))}>
          Do not answer
        </button>
      </div>
    </>
  )
}

function Ask({ name, question, answered, onChange }: { name: string; question: Question; answered: Answered; onChange: (next: Answered) => void }) {
  const choose = (label: string, on: boolean) => {
    if (!question.multiple) onChange({ chosen: on ? [label] : [], other: '' })
    else onChange({ ...answered, chosen: on ? [...answered.chosen, label] : answered.chosen.filter(other => other !== label) })
  }
  return (
    <fieldset className="ask">
      <legend>
        {question.header && <span className="ask-header">{question.header}</span>}
        <Markdown text={question.text} />
      </legend>
      {question.options.map(option => (
        <label key={option.label} className="option" data-testid="question-option">
          <input type={question.multiple ? 'checkbox' : 'radio'} name={name} checked={answered.chosen.includes(option.label)} onChange={event => choose(option.label, event.target.checked)} />
          <span>
            <span className="option-label">{option.label}</span>
            {option.description && <span className="option-about">{option.description}</span>}
          </span>
        </label>
      ))}
      <input
        className="field"
        data-testid="question-other"
        value={answered.other}
        placeholder={question.options.length > 0 ? 'Something else…' : 'Your answer'}
        aria-label={question.options.length > 0 ? 'Another answer' : 'Your answer'}
        onChange={event => onChange({ chosen: question.multiple ? answered.chosen : [], other: event.target.value })}
      />
    </fieldset>
  )
}
