/** What starts each pipeline: its sources, and which rules of EventBridge may see their changes. */
import {
  type ActionDeclaration,
  type Arn,
  compilePattern,
  type EventPattern,
  type Fields,
  fieldsOf,
  formatArn,
  mayMatchEvent,
  misfits,
  parseArn,
} from '../../../model/index.ts'
import { findProvider, type SourceEvent, type SourceStart } from '../../../pipeline/index.ts'
import type { KnownPipeline, KnownStart, Landscape } from '../../landscape/landscape.ts'
import type { StandIns } from '../../landscape/stand-ins.ts'

/** A rule with the events of a source that it may see. */
export interface SeenEvents {
  readonly start: KnownStart
  readonly events: readonly SourceEvent[]
}

export interface StartedSource {
  readonly pipeline: KnownPipeline
  readonly action: ActionDeclaration
  readonly starts: SourceStart
  /** Whether CodePipeline looks for changes itself; undefined where nobody knows. */
  readonly isPolled: boolean | undefined
  /** Whether it hears of pushes through a connection; undefined where nobody knows. */
  readonly isListening: boolean | undefined
  /** All events that could tell of its change. */
  readonly events: readonly SourceEvent[]
  readonly seenBy: readonly SeenEvents[]
}

export interface PipelineStarts {
  readonly pipeline: KnownPipeline
  /** Enabled rules of the pipeline's own account that start it, by whatever they wait for. */
  readonly rules: readonly KnownStart[]
  readonly sources: readonly StartedSource[]
}

/** Gives what starts every pipeline that is known. */
export function pipelineStarts({ pipelines, starts, standIns }: Landscape): PipelineStarts[] {
  const byPipeline = new Map<Arn, KnownStart[]>()
  for (const start of starts)
    if (!start.bus && !start.isDisabled)
      byPipeline.set(start.pipeline, [...(byPipeline.get(start.pipeline) ?? []), start])
  return pipelines.map((pipeline) => {
    const { account, region, declaration } = pipeline
    const rules = byPipeline.get(formatArn('codepipeline', region, account, declaration.name)) ?? []
    const sources = (declaration.stages[0]?.actions ?? []).flatMap((action) => {
      const of = findProvider(action.actionTypeId)?.starts
      return of ? [startedSource({ pipeline, action, starts: of, rules, standIns })] : []
    })
    return { pipeline, rules, sources }
  })
}

interface Subject extends Pick<StartedSource, 'pipeline' | 'action' | 'starts'> {
  readonly rules: readonly KnownStart[]
  readonly standIns: StandIns
}

function startedSource({ pipeline, action, starts, rules, standIns }: Subject): StartedSource {
  const { configuration = {} } = action
  const account = parseArn(action.roleArn ?? '')?.account ?? pipeline.account
  const events = starts.events?.(configuration, { account, region: pipeline.region }) ?? []
  const seenBy = rules.flatMap((start): SeenEvents[] => {
    const seen = events.filter((event) => maySee(start, event, standIns))
    return seen.length ? [{ start, events: seen }] : []
  })
  return {
    pipeline,
    action,
    starts,
    isPolled: isOn(starts.polling, configuration, standIns),
    isListening: isListening(pipeline, action, starts, standIns),
    events,
    seenBy,
  }
}

/** AWS: the keys default to true for what is made by CloudFormation or the API ("PollForSourceChanges defaults"). */
function isOn(
  key: string | undefined,
  configuration: Readonly<Record<string, string>>,
  standIns: StandIns,
): boolean | undefined {
  if (key === undefined) return false
  const value = configuration[key] ?? 'true'
  return standIns.in(value).length ? undefined : value !== 'false'
}

/** AWS: a trigger of the source stands in for the watching of its branch. */
function isListening(
  { declaration: { triggers = [] } }: KnownPipeline,
  { name, configuration = {} }: ActionDeclaration,
  { by, listening }: SourceStart,
  standIns: StandIns,
): boolean | undefined {
  // What is told at the address of a webhook, and by whom, is nobody's to know.
  if (by === 'webhook') return undefined
  if (by !== 'connection') return false
  const own = (triggers as { gitConfiguration?: { sourceActionName?: string } }[]).some(
    ({ gitConfiguration }) => gitConfiguration?.sourceActionName === name,
  )
  return own || isOn(listening, configuration, standIns)
}

/** Whether a rule may see an event; also where its pattern hangs on what nobody knows. */
export function maySee({ pattern, listensTo }: KnownStart, event: SourceEvent, standIns: StandIns): boolean {
  // AWS: services tell their events on the default bus; what else comes to another is not known.
  if (listensTo !== DEFAULT_BUS) return pattern !== undefined
  const compiled = compiledPattern(pattern, standIns)
  if (!compiled) return false
  const { fields, isUnknown } = known(event, standIns)
  return mayMatchEvent(compiled, fields, isUnknown)
}

/** Gives what keeps a rule from seeing any of the events: the fields of the nearest, each with what both sides say. */
export function differences(
  { pattern }: KnownStart,
  events: readonly SourceEvent[],
  standIns: StandIns,
): string[] {
  const compiled = compiledPattern(pattern, standIns)
  if (!compiled) return []
  const each = events.map((event) => {
    const { fields, isUnknown } = known(event, standIns)
    const paths = misfits(compiled, fields, isUnknown)
    const said = paths.map((path) => {
      const wanted = compiled.strings.get(path)?.join(' or ') ?? 'other values'
      const has = fields.get(path)?.map(({ value }) => String(value))
      return has
        ? `it wants ${path} to be ${wanted}, and it is ${has.join(', ')}`
        : `it wants ${path}, which there is not`
    })
    return { said, isOfType: !paths.includes('detail-type') }
  })
  // What is of another type is further away, whatever else it has in common.
  const [nearest] = each.sort(
    (one, other) => Number(other.isOfType) - Number(one.isOfType) || one.said.length - other.said.length,
  )
  return nearest?.said ?? []
}

export const DEFAULT_BUS = 'default'

/** The fields of an event, and which of them nobody knows beforehand, or a template leaves open. */
function known(
  { event, unknown, mayHaveMore }: SourceEvent,
  standIns: StandIns,
): { readonly fields: Fields; isUnknown(path: string): boolean } {
  const fields = fieldsOf(event)
  const open = [...fields].flatMap(([path, found]) =>
    found.some(({ value }) => typeof value === 'string' && isOpen(value, standIns)) ? [path] : [],
  )
  const isUnknown = (path: string): boolean =>
    [...unknown, ...open].some((name) => path === name || path.startsWith(`${name}.`)) ||
    (mayHaveMore === true && !fields.has(path))
  return { fields, isUnknown }
}

/** What AWS makes up for a resource equals itself only. */
export const isOpen = (text: string, standIns: StandIns): boolean =>
  standIns.in(text).some(({ why }) => why.kind !== 'made up')

/** Gives a rule's pattern; undefined where it has none, or one that EventBridge refuses. */
export function compiledPattern(pattern: string | undefined, standIns: StandIns): EventPattern | undefined {
  if (pattern === undefined) return undefined
  try {
    return compilePattern(JSON.stringify(closed(JSON.parse(pattern), standIns)))
  } catch {
    return undefined
  }
}

/** A list in which a value is open fits anything. */
function closed(value: unknown, standIns: StandIns): unknown {
  if (Array.isArray(value))
    return holdsOpen(value, standIns) ? ANYTHING : value.map((one) => closed(one, standIns))
  if (typeof value === 'string') return isOpen(value, standIns) ? ANYTHING : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one, standIns)]))
}

const ANYTHING = [{ exists: true }, { exists: false }]

/** `$or` is a list of patterns, in which each is closed by itself. */
const holdsOpen = (list: readonly unknown[], standIns: StandIns): boolean =>
  list.some((one) => {
    if (typeof one === 'string') return isOpen(one, standIns)
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return false
    return Object.values(one).some((operand) =>
      [operand].flat().some((text) => typeof text === 'string' && isOpen(text, standIns)),
    )
  })
