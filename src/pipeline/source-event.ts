/** The events that tell EventBridge of a source's change. */

/** Data whose calls CloudTrail records where a trail selects it. */
export interface RecordedData {
  /** `AWS::S3::Object` */
  readonly type: string
  readonly arn: string
}

/** One event, as far as it is known before it happens. */
export interface SourceEvent {
  readonly event: Readonly<Record<string, unknown>>
  /** Dotted names of fields that it has besides, with all in them: nobody knows their values before. */
  readonly unknown: readonly string[]
  /** Whether it may have any field besides. */
  readonly mayHaveMore?: true
  /**
   * What must be there for the event to be told: a bucket that sends its events to EventBridge, or a trail that records the
   * change. AWS: services tell their own events always; CloudTrail's come from trails only, those on data of S3 from trails
   * that select the data.
   */
  readonly needs?: 'bucket notification' | 'data trail' | 'trail'
  /** With a data trail: of what. */
  readonly data?: RecordedData
}

/** A source action where it stands. */
export interface SourcePlace {
  readonly account: string
  readonly region: string
}

type Configuration = Readonly<Record<string, string>>

/** Gives the events of a source with its configuration. */
export type SourceEvents = (configuration: Configuration, place: SourcePlace) => readonly SourceEvent[]

/** Fields that every event has. AWS: EventBridge's "AWS service event metadata". */
const METADATA = ['version', 'id', 'account', 'time', 'region']

/** Gives the event of a service, of which all fields are named. */
export const serviceEvent = (
  source: string,
  type: string,
  { resources, detail }: { readonly resources: readonly string[]; readonly detail: object },
  unknown: readonly string[] = [],
): SourceEvent => ({
  event: { source, 'detail-type': type, resources, detail },
  unknown: [...METADATA, ...unknown.map((name) => `detail.${name}`)],
})

/** Gives the event of a call that CloudTrail recorded. AWS: what else of the call is in the event hangs on the call. */
export const recordedCall = (
  source: string,
  detail: { readonly eventSource: string; readonly eventName: string; readonly requestParameters: object },
  data?: RecordedData,
): SourceEvent => ({
  event: { source, 'detail-type': 'AWS API Call via CloudTrail', detail },
  unknown: METADATA,
  mayHaveMore: true,
  needs: data ? 'data trail' : 'trail',
  ...(data && { data }),
})
