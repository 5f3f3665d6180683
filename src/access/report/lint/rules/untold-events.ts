/** Events that rules wait for and nobody tells: of buckets that keep silent, of trails that are not there, of connections. */
import { namedThings, type RecordedData } from '../../../../pipeline/index.ts'
import type { KnownTrail, Landscape } from '../../../landscape/landscape.ts'
import type { FindingDetails, LintRule } from '../rule.ts'
import { isOpen, pipelineStarts, type StartedSource } from '../source-starts.ts'
import { nameOf } from './what-starts.ts'

/** AWS: a bucket sends its events to EventBridge when that is enabled for it, and not before. */
export const bucketTellsNothing: LintRule = {
  id: 'bucket-tells-no-events',
  summary: 'A rule waits for the events of a bucket that does not send them to EventBridge.',
  find: ({ landscape }) =>
    waitingFor(landscape, 'bucket notification').flatMap(({ source, rule }): FindingDetails[] => {
      const bucket = landscape.buckets.get(bucketOf(source) ?? '')
      if (bucket?.tellsEvents !== false) return []
      return [
        {
          severity: source.isPolled ? 'warning' : 'error',
          message: `the rule ${rule} waits for events of the bucket ${bucket.name}, which does not send them to EventBridge: no upload starts the pipeline ${source.pipeline.declaration.name}`,
          fix: 'give the bucket NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } }',
          origin: bucket.origin,
        },
      ]
    }),
}

/** AWS: "AWS API Call via CloudTrail" comes from trails; what is done with objects is recorded where a trail selects it. */
export const noTrail: LintRule = {
  id: 'no-trail',
  summary: 'A rule waits for calls that CloudTrail records, and no trail records them.',
  find: ({ landscape }) =>
    (['data trail', 'trail'] as const).flatMap((kind) =>
      waitingFor(landscape, kind).flatMap(({ source, rule, data, origin }): FindingDetails[] => {
        const { trails } = landscape
        const { account, declaration } = source.pipeline
        const near = trails?.filter((trail) => covers(trail, source.pipeline)) ?? []
        if (near.some((trail) => records(trail, data, landscape))) return []
        const [trail] = near
        const what = data ? `writes to ${data.arn}` : 'the call'
        const why = trail
          ? `the trail ${trail.name} does not record ${what}`
          : trails
            ? 'no template makes a trail there'
            : `whether a trail records ${what} was not looked at`
        return [
          {
            severity: 'warning',
            message: `the rule ${rule} waits for calls that CloudTrail records, and ${why}: without one it never starts the pipeline ${declaration.name}`,
            fix: data
              ? `let a trail of account ${account} record the data events of ${data.arn} (writes), or wait for the events that its bucket itself sends`
              : `let a trail of account ${account} record management events`,
            origin: trail?.origin ?? origin,
          },
        ]
      }),
    ),
}

/** What a fleet file makes is told by `deploy`, which makes it. */
export const connectionPending: LintRule = {
  id: 'connection-pending',
  summary: 'A source uses a connection that nobody has confirmed yet.',
  find: ({ landscape }) => {
    const used = new Set(
      landscape.pipelines.flatMap(({ declaration: { stages } }) =>
        stages.flatMap(({ actions }) =>
          actions.flatMap(
            ({ actionTypeId, configuration }) => namedThings(actionTypeId, configuration).connection ?? [],
          ),
        ),
      ),
    )
    const isLive = landscape.templates.length === 0
    return landscape.connections
      .filter(({ arn, status, origin }) => used.has(arn) && status !== 'AVAILABLE' && (isLive || origin.file))
      .map(({ arn, status, origin }) => ({
        severity: isLive ? 'error' : 'warning',
        message: isLive
          ? `the connection ${arn} is ${status}: its sources fail`
          : `the connection that ${origin.logicalId} becomes is ${status} when it is made: its sources fail until somebody confirms it`,
        fix: 'choose "Update pending connection" at the connection in the console of AWS (Developer Tools, Settings, Connections)',
        origin,
      }))
  },
}

interface Waiting {
  readonly source: StartedSource
  readonly rule: string
  /** The data whose calls a trail has to record, where it is no matter of management. */
  readonly data?: RecordedData
  readonly origin: FindingDetails['origin']
}

/** Rules that see a source's change by events of one kind only. */
const waitingFor = (landscape: Landscape, kind: 'bucket notification' | 'data trail' | 'trail'): Waiting[] =>
  pipelineStarts(landscape).flatMap(({ sources }) =>
    sources.flatMap((source) =>
      source.seenBy
        .filter(({ events }) => events.every(({ needs }) => needs === kind))
        .map(({ start, events: [event] }) => ({
          source,
          rule: nameOf(start),
          data: event?.data,
          origin: start.origin,
        })),
    ),
  )

const bucketOf = ({ action }: StartedSource): string | undefined =>
  namedThings(action.actionTypeId, action.configuration).bucket

/** AWS: a trail is of one region or of all, of one account or of an organization. */
const covers = (trail: KnownTrail, { account, region }: { account: string; region: string }): boolean =>
  trail.isLogging &&
  (trail.isMultiRegion || trail.region === region) &&
  (trail.isOfOrganization || trail.account === account)

function records(
  { selectors, advancedSelectors }: KnownTrail,
  data: RecordedData | undefined,
  { standIns }: Landscape,
): boolean {
  const may = (text: unknown, test: (text: string) => boolean): boolean =>
    typeof text === 'string' && (isOpen(text, standIns) || test(text))
  if (advancedSelectors) return advancedSelectors.some((one) => selects(one, recorded(data), may))
  if (!data)
    return (
      selectors === undefined ||
      selectors.some(({ IncludeManagementEvents: included }) => String(included ?? true) === 'true')
    )
  return (selectors ?? []).some(
    ({ ReadWriteType, DataResources: resources }) =>
      ReadWriteType !== 'ReadOnly' &&
      Array.isArray(resources) &&
      resources.some(
        ({ Type, Values }) =>
          Type === data.type &&
          [Values].flat().some((value) => may(value, (prefix) => data.arn.startsWith(prefix))),
      ),
  )
}

const recorded = (data: RecordedData | undefined): Readonly<Record<string, string>> =>
  data
    ? { eventCategory: 'Data', readOnly: 'false', 'resources.type': data.type, 'resources.ARN': data.arn }
    : { eventCategory: 'Management', readOnly: 'false' }

/** AWS: an advanced selector takes an event where every field fits one of its values; of what else it asks nothing is known. */
function selects(
  { FieldSelectors }: Readonly<Record<string, unknown>>,
  event: Readonly<Record<string, string>>,
  may: (text: unknown, test: (text: string) => boolean) => boolean,
): boolean {
  return [FieldSelectors].flat().every((selector) => {
    const { Field, ...operators } = (selector ?? {}) as Readonly<Record<string, unknown>>
    const has = event[String(Field)]
    if (has === undefined) return true
    return Object.entries(operators).every(([operator, values]) => {
      const test = OPERATORS[operator.replace('Not', '')]
      if (!test) return true
      const fits = [values].flat().some((value) => may(value, (text) => test(has, text)))
      return operator.startsWith('Not') ? !fits : fits
    })
  })
}

const OPERATORS: Readonly<Record<string, (has: string, text: string) => boolean>> = {
  Equals: (has, text) => has === text,
  StartsWith: (has, text) => has.startsWith(text),
  EndsWith: (has, text) => has.endsWith(text),
}
