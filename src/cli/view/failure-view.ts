/** Shows one denied call like a compiler's error: who, on what, which policy said no, and the statement to add. */
import type { Origin } from '../../access/index.ts'
import { type PolicyStatement, principalName } from '../../model/index.ts'
import type { Terminal } from '../terminal.ts'

/** A denied call, or several with one cause, from the proof or from a run. */
export interface ShownFailure {
  /** Who calls; several where one template stands in several accounts. */
  readonly principals: readonly string[]
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** Where it arises: pipeline, stage and action. */
  readonly places?: readonly string[]
  readonly because?: readonly string[]
  readonly saidNo: string
  readonly close: readonly string[]
  /** AWS's sentence; absent where it stands nearby already. */
  readonly message?: string
  readonly remedies: readonly {
    readonly belongsIn: string
    readonly origin?: Origin
    readonly statement?: PolicyStatement
    readonly advice: string
  }[]
}

/** How many of a kind are shown. */
const MOST = 3
const MOST_REASONS = 2

export function printFailure(failure: ShownFailure, terminal: Terminal, indent = ''): void {
  const { colors } = terminal
  const { principals, actions, resources, places = [], because = [], message } = failure
  const line = (name: string, text: string) =>
    terminal.print(`${indent}  ${colors.dim(name.padEnd(8))} ${text}`)
  const title = `${principalName(principals[0] ?? '')} may not ${actions.join(', ')}`
  terminal.print(`${indent}${colors.red('denied')} ${colors.bold(title)}`)
  const further = places.length > MOST ? ` and ${places.length - MOST} more` : ''
  if (places.length) line('in', places.slice(0, MOST).join(', ') + further)
  for (const principal of principals) line('who', principal)
  for (const resource of resources.slice(0, MOST)) line('on', resource)
  if (resources.length > MOST) line('on', `${resources.length - MOST} more`)
  if (because.length) line('why', because.slice(0, MOST_REASONS).join('; '))
  line('said no', failure.saidNo)
  for (const text of failure.close.slice(0, MOST)) line('because', text)
  if (message !== undefined) line('AWS', message)
  for (const { advice, origin, statement, belongsIn } of failure.remedies) {
    const what = statement ? `add to the ${belongsIn}` : advice
    line(colors.green('fix'), `${what}${originText(origin)}`)
    if (statement) printStatement(statement, terminal, indent)
  }
}

function printStatement(statement: PolicyStatement, terminal: Terminal, indent: string): void {
  for (const text of JSON.stringify(statement, null, 2).split('\n'))
    terminal.print(`${indent}           ${terminal.colors.green(text)}`)
}

/** Where something stands: file with line and column, stack, logical ID. */
export function originText(origin: Origin | undefined): string {
  if (!origin) return ''
  const { file, line, column, stack, logicalId, account, region } = origin
  const target = [account, region].filter(Boolean).join(' ')
  const spot = [file, line, column].filter((part) => part !== undefined).join(':')
  const place = [spot, stack && `stack ${stack}`, logicalId, target].filter(Boolean).join(', ')
  return ` (${place})`
}
