/** Shows a proof: a line per action when asked for, failures like a compiler's errors, and a summary. */
import {
  type CheckResults,
  type Edge,
  type FailureGroup,
  groupFailures,
  isFailed,
  type Origin,
  type Proof,
  type QuotaUse,
  type Use,
} from '../../access/index.ts'
import { principalName } from '../../model/index.ts'
import type { Terminal } from '../terminal.ts'
import { mark } from './text.ts'

/** Prints every failure, then what could not be proven. */
export function printProof(proof: Proof, terminal: Terminal, verbose: boolean): void {
  const groups = groupFailures(proof.edges)
  const failing = new Set(groups.flatMap(({ uses }) => uses.map(({ pipeline }) => pipeline)))
  printActions(proof.edges, terminal, (pipeline) => verbose || failing.has(pipeline))
  for (const group of groups) printFailure(group, terminal)
  printUnknown(proof, terminal)
}

/** A line for each action of the pipelines that are shown, in the order of their needs. */
function printActions(
  edges: readonly Edge[],
  terminal: Terminal,
  isShown: (pipeline: string) => boolean,
): void {
  const { colors } = terminal
  const actions = new Map<string, { use: Use; edges: Edge[] }>()
  for (const edge of edges)
    for (const use of edge.uses) {
      if (!isShown(use.pipeline)) continue
      const key = placeOf(use)
      const found = actions.get(key) ?? { use, edges: [] }
      found.edges.push(edge)
      actions.set(key, found)
    }
  let pipeline = ''
  for (const { use, edges: own } of actions.values()) {
    if (use.pipeline !== pipeline) terminal.print(colors.bold(use.pipeline))
    pipeline = use.pipeline
    const failed = own.filter(isFailed).length
    const unknown = own.filter(({ verdict }) => verdict === 'unknown').length
    const sign = failed ? mark('failed', terminal) : unknown ? colors.yellow('?') : mark('done', terminal)
    const name =
      use.stage === undefined ? 'the pipeline itself' : [use.stage, use.action].filter(Boolean).join(' › ')
    const counts = [
      failed && colors.red(`${failed} denied`),
      unknown && colors.yellow(`${unknown} unknown`),
    ].filter(Boolean)
    terminal.print(
      `  ${sign} ${name}  ${colors.dim(`${own.length} permissions`)}${counts.length ? `  ${counts.join(', ')}` : ''}`,
    )
  }
}

const placeOf = ({ pipeline, stage, action }: Use): string =>
  [pipeline, stage, action].filter((part) => part !== undefined).join(' › ')

function printFailure(group: FailureGroup, terminal: Terminal): void {
  const { colors } = terminal
  const { principal, actions, resources, because, uses, failure } = group
  const line = (name: string, text: string) => terminal.print(`  ${colors.dim(name.padEnd(8))} ${text}`)
  terminal.print()
  terminal.print(
    `${colors.red('denied')} ${colors.bold(`${principalName(principal)} may not ${actions.join(', ')}`)}`,
  )
  line(
    'in',
    uses.slice(0, 3).map(placeOf).join(', ') + (uses.length > 3 ? ` and ${uses.length - 3} more` : ''),
  )
  line('who', principal)
  for (const resource of resources.slice(0, 3)) line('on', resource)
  line('why', because.slice(0, 2).join('; '))
  line('said no', failure.saidNo)
  for (const text of failure.close.slice(0, 3)) line('because', text)
  line('AWS', failure.message)
  for (const { advice, origin, statement, belongsIn } of failure.remedies) {
    line(
      colors.green('fix'),
      statement ? `add to the ${belongsIn}${originText(origin)}` : `${advice}${originText(origin)}`,
    )
    if (statement)
      for (const text of JSON.stringify(statement, null, 2).split('\n'))
        terminal.print(`           ${colors.green(text)}`)
  }
}

/** Where something stands: file, stack, logical ID. */
export function originText(origin: Origin | undefined): string {
  if (!origin) return ''
  const { file, line, column, stack, logicalId, account, region } = origin
  const spot = [file, line, column].filter((part) => part !== undefined).join(':')
  const place = [spot, stack && `stack ${stack}`, logicalId, `${account} ${region}`]
    .filter(Boolean)
    .join(', ')
  return ` (${place})`
}

function printUnknown({ edges, notes }: Proof, terminal: Terminal): void {
  const { colors } = terminal
  const unknown = edges.filter(({ verdict }) => verdict === 'unknown')
  const reasons = new Map<string, number>()
  for (const { assumed = '' } of unknown) reasons.set(assumed, (reasons.get(assumed) ?? 0) + 1)
  if (!reasons.size && !notes.length) return
  terminal.print()
  for (const [reason, count] of reasons)
    terminal.print(`${colors.yellow('not proven')} ${count} permissions: ${reason}`)
  for (const note of notes) terminal.print(`${colors.yellow('note')} ${note}`)
}

/** How many over-grants are shown without being asked for more. */
const SOME = 8

/** Prints what is granted and wrong, and what is granted beyond need. */
export function printFindings(
  { findings, excesses }: CheckResults,
  terminal: Terminal,
  verbose: boolean,
): void {
  const { colors } = terminal
  if (findings.length || excesses.length) terminal.print()
  for (const { rule, severity, message, fix, origin } of findings) {
    const sign = severity === 'error' ? colors.red('error') : colors.yellow('warning')
    terminal.print(`${sign} ${message}${originText(origin)} ${colors.dim(rule)}`)
    terminal.print(`  ${colors.green('fix')} ${fix}`)
  }
  const shown = verbose ? excesses : excesses.slice(0, SOME)
  for (const { message } of shown) terminal.print(`${colors.yellow('over-grant')} ${message}`)
  if (shown.length < excesses.length)
    terminal.print(colors.dim(`${excesses.length - shown.length} more over-grants: --verbose lists them`))
}

/** Prints the quotas that are tight or broken; the fullest ones too when asked for. */
export function printQuotas(quotas: readonly QuotaUse[], terminal: Terminal, verbose: boolean): void {
  const { colors } = terminal
  for (const { state, message } of quotas.filter((one) => one.state !== 'fine'))
    terminal.print(`${state === 'over' ? colors.red('error') : colors.yellow('warning')} ${message}`)
  if (!verbose) return
  for (const { quota, used, limit, unit, subject } of fullest(quotas))
    terminal.print(
      colors.dim(`${`${used}/${limit} ${unit}`.padEnd(24)} ${quota.replace('quota-', '')}: ${subject}`),
    )
}

/** The fullest use of each quota. */
const fullest = (quotas: readonly QuotaUse[]): QuotaUse[] => [
  ...new Map([...quotas].reverse().map((use) => [use.quota, use] as const)).values(),
]

/** One line: what holds, or how much does not. */
export function proofSummary(
  name: string,
  { proof: { edges, accounts, regions, pipelines }, findings }: CheckResults,
  terminal: Terminal,
  milliseconds: number,
): string {
  const { colors } = terminal
  const failed = edges.filter(isFailed).length
  const proven = edges.filter(({ verdict }) => verdict === 'allowed').length
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const scope = `${pipelines.length} ${pipelines.length === 1 ? 'pipeline' : 'pipelines'}, ${accounts.length} accounts, ${regions.length} regions`
  const time = colors.dim(`(${Math.max(1, Math.round(milliseconds))} ms)`)
  const wrong = [
    failed && `${failed} of ${edges.length} permissions are denied`,
    errors && `${errors} errors`,
  ].filter(Boolean)
  if (wrong.length) return `${mark('failed', terminal)} ${name}: ${wrong.join(', ')}; ${scope} ${time}`
  const sign = proven === edges.length ? mark('done', terminal) : colors.yellow('?')
  return `${sign} ${name}: ${proven} of ${edges.length} permissions proven; ${scope} ${time}`
}
