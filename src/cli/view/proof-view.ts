/** Shows a proof: a line per action when asked for, failures like a compiler's errors, and a summary. */
import {
  acrossAccounts,
  type CheckResults,
  type Edge,
  groupFailures,
  isFailed,
  type Origin,
  type Proof,
  type QuotaUse,
  type Use,
} from '../../access/index.ts'
import type { Terminal } from '../terminal.ts'
import { originText, printFailure } from './failure-view.ts'
import { countOf, mark } from './text.ts'

/** Prints every failure, then what could not be proven. */
export function printProof(proof: Proof, terminal: Terminal, verbose: boolean): void {
  const groups = groupFailures(proof.edges)
  const failing = new Set(groups.flatMap(({ uses }) => uses.map(({ pipeline }) => pipeline)))
  printActions(proof, terminal, (pipeline) => verbose || failing.has(pipeline))
  for (const { uses, failure, principal, alike, ...call } of acrossAccounts(groups)) {
    terminal.print()
    const principals = [principal, ...alike]
    printFailure({ ...call, ...failure, principals, places: [...new Set(uses.map(placeOf))] }, terminal)
  }
  printUnknown(proof, terminal)
}

/** A line for each action of the pipelines that are shown. */
function printActions(
  { edges, uses }: Proof,
  terminal: Terminal,
  isShown: (pipeline: string) => boolean,
): void {
  const { colors } = terminal
  const shown = uses.filter((use) => isShown(use.pipeline))
  const actions = new Map(shown.map((use) => [placeOf(use), { use, edges: [] as Edge[] }] as const))
  for (const edge of edges) for (const use of edge.uses) actions.get(placeOf(use))?.edges.push(edge)
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
      `  ${sign} ${name}  ${colors.dim(countOf(own.length, 'permission'))}${counts.length ? `  ${counts.join(', ')}` : ''}`,
    )
  }
}

const placeOf = ({ pipeline, stage, action }: Use): string =>
  [pipeline, stage, action].filter((part) => part !== undefined).join(' › ')

function printUnknown({ edges, notes }: Proof, terminal: Terminal): void {
  const { colors } = terminal
  const unknown = edges.filter(({ verdict }) => verdict === 'unknown')
  const reasons = new Map<string, number>()
  for (const { assumed = '' } of unknown) reasons.set(assumed, (reasons.get(assumed) ?? 0) + 1)
  if (!reasons.size && !notes.length) return
  terminal.print()
  for (const [reason, count] of reasons)
    terminal.print(`${colors.yellow('not proven')} ${countOf(count, 'permission')}: ${reason}`)
  for (const note of notes) terminal.print(`${colors.yellow('note')} ${note}`)
}

interface Told {
  readonly message: string
  readonly origin?: Origin
  readonly fix?: string
}

/** What is said of one place of one file, which stands in several accounts, is told once. */
function onceEach<T extends Told>(all: readonly T[]): (T & { further: string[] })[] {
  const told = new Map<string, T & { further: string[] }>()
  for (const [index, one] of all.entries()) {
    const { message, fix, origin } = one
    const text = origin && JSON.stringify([message, fix]).replaceAll(origin.account, '')
    const key = origin?.file
      ? JSON.stringify([origin.file, origin.line, origin.logicalId, text])
      : String(index)
    const found = told.get(key)
    if (found && origin) found.further.push(`${origin.account} ${origin.region}`)
    else told.set(key, { ...one, further: [] })
  }
  return [...told.values()]
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
  for (const { rule, severity, message, fix, origin, further } of onceEach(findings)) {
    const sign = severity === 'error' ? colors.red('error') : colors.yellow('warning')
    terminal.print(`${sign} ${message}${originText(origin)}${alsoIn(further, terminal)} ${colors.dim(rule)}`)
    terminal.print(`  ${colors.green('fix')} ${fix}`)
  }
  const open = onceEach(excesses)
  const shown = verbose ? open : open.slice(0, SOME)
  for (const { message, origin, further } of shown) {
    const place = origin.file ? originText(origin) : ''
    terminal.print(`${colors.yellow('over-grant')} ${message}${place}${alsoIn(further, terminal)}`)
  }
  if (shown.length < open.length)
    terminal.print(colors.dim(`${open.length - shown.length} more over-grants: --verbose lists them`))
}

const alsoIn = (further: readonly string[], { colors }: Terminal): string =>
  further.length ? colors.dim(` and the same in ${further.join(', ')}`) : ''

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
  const scope = [
    countOf(pipelines.length, 'pipeline'),
    countOf(accounts.length, 'account'),
    countOf(regions.length, 'region'),
  ].join(', ')
  const time = colors.dim(`(${Math.max(1, Math.round(milliseconds))} ms)`)
  const wrong = [
    failed && `${failed} of ${edges.length} permissions are denied`,
    errors && countOf(errors, 'error'),
  ].filter(Boolean)
  if (wrong.length) return `${mark('failed', terminal)} ${name}: ${wrong.join(', ')}; ${scope} ${time}`
  const sign = pipelines.length && proven === edges.length ? mark('done', terminal) : colors.yellow('?')
  return `${sign} ${name}: ${proven} of ${edges.length} permissions proven; ${scope} ${time}`
}
