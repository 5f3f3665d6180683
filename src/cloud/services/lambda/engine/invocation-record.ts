/** What becomes known of an asynchronous invocation that has come to its end, and where it is told. */
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { AwsError, parseArn } from '../../../../model/index.ts'
import {
  bus,
  lambdaFunction,
  type Place,
  placeOf,
  queue,
  type Sender,
  senderAs,
  topic,
} from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import type { FunctionVersion, PendingEvent, StoredFunction } from '../state.ts'
import { invalidValue } from './errors.ts'
import { assumeExecutionRole } from './start-process.ts'

/** Where records go. AWS: "Capturing records of Lambda asynchronous invocations". */
const bucket: Place = {
  service: 's3',
  resource: /^[a-z0-9.-]+$/,
  needsRole: true,
  otherAccounts: true,
  otherRegions: false,
}
const PLACES = [lambdaFunction, topic, queue, bus]

/** Errors: InvalidParameterValueException for what is no destination of records, or none that the embedded cloud has. */
export function checkDestination(arn: string | undefined, when: 'success' | 'failure'): void {
  if (arn === undefined || placeOf(PLACES, arn)) return
  if (placeOf([bucket], arn)) {
    if (when === 'failure') return
    throw invalidValue('An S3 bucket is a destination of failures alone ("OnFailure").')
  }
  throw invalidValue(`The provided destination config DestinationConfig(destination=${arn}) is invalid.`)
}

/** AWS: a standard queue or a standard topic. Errors: as `checkDestination`. */
export function checkDeadLetterTarget(arn: string | undefined): void {
  if (!arn || placeOf([topic, queue], arn)) return
  throw invalidValue(`The dead-letter target ${arn} is neither a queue nor a topic.`)
}

/** What ended, and how. */
export interface EndedInvocation {
  readonly event: PendingEvent
  readonly stored: StoredFunction
  readonly version: FunctionVersion
  readonly succeeded: boolean
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded'
  /** What the function answered, where it ran at all. */
  readonly payload?: Buffer
}

interface OwedRecord {
  readonly to: string
  readonly stored: Pick<StoredFunction, 'arn' | 'name' | 'account'>
  readonly role: string
  readonly qualifiedArn: string
  readonly succeeded: boolean
  readonly text: string
  /** Of a dead letter: what says why it is one. */
  readonly deadLetter?: { readonly requestId: string; readonly error: string }
}

/** AWS: records are sent under the function's execution role; what it may not send is lost, as the trail shows. */
export const invocationRecord = handOver<OwedRecord>({
  name: 'lambda.record',
  deliver: async (ctx, record, id) => {
    const { identity } = await assumeExecutionRole(ctx, record.stored, record.role)
    const sender = senderAs(ctx, identity)
    const { to, text } = record
    if (record.deadLetter) return sendDeadLetter(sender, to, text, record.deadLetter)
    if (placeOf([bucket], to)) return putRecord(sender, ctx.cloud.clock.date(), record, id)
    if (placeOf([bus], to)) {
      const { Entries } = await sender.call('events', 'PutEvents', { Entries: [busEntry(record)] })
      const code = Entries?.[0]?.ErrorCode
      if (code) throw new AwsError(code, Entries?.[0]?.ErrorMessage ?? '')
      return
    }
    return placeOf([lambdaFunction, topic, queue], to)!.send(sender, to, { text })
  },
})

/** AWS: the event itself, with what became of it in attributes. */
function sendDeadLetter(
  sender: Sender,
  to: string,
  text: string,
  why: NonNullable<OwedRecord['deadLetter']>,
): Promise<unknown> {
  const attributes = deadLetterAttributes(why)
  return placeOf([queue], to)
    ? queue.send(sender, to, { text, attributes })
    : sender.call('sns', 'Publish', { TopicArn: to, Message: text, MessageAttributes: attributes })
}

const deadLetterAttributes = ({ requestId, error }: NonNullable<OwedRecord['deadLetter']>) => ({
  RequestID: { DataType: 'String', StringValue: requestId },
  ErrorCode: { DataType: 'Number', StringValue: '200' },
  ErrorMessage: { DataType: 'String', StringValue: error.slice(0, 1024) || 'unknown' },
})

const busEntry = ({ to, qualifiedArn, succeeded, text }: OwedRecord): PutEventsRequestEntry => ({
  Source: 'lambda',
  DetailType: `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`,
  Resources: [qualifiedArn, to],
  Detail: text,
  EventBusName: to,
})

function putRecord(sender: Sender, at: Date, record: OwedRecord, id: string): Promise<unknown> {
  const time = at.toISOString().slice(0, 19)
  const day = time.slice(0, 10)
  const Key = `aws/lambda/async/${record.stored.name}/${day.replaceAll('-', '/')}/${time.replaceAll(':', '.')}-${id}`
  const Body = Buffer.from(record.text)
  const Bucket = parseArn(record.to)!.resource
  return sender.call('s3', 'PutObject', { Bucket, Key, Body: Body as never })
}

/** Owes the record of an invocation to its destination, and its event to the dead-letter target. */
export function tellEnd(ctx: Context, ended: EndedInvocation, destination: string | undefined): void {
  const { event, stored, version, succeeded } = ended
  const { arn, name, account } = stored
  const common = {
    ...{ stored: { arn, name, account }, role: version.role, succeeded },
    qualifiedArn: `${arn}:${event.qualifier ?? version.version}`,
  }
  if (destination !== undefined)
    handOn(ctx, invocationRecord, { ...common, to: destination, text: recordOf(ctx, ended) })
  if (succeeded || !version.deadLetterTarget) return
  const deadLetter = { requestId: event.id, error: errorIn(ended.payload) }
  const text = Buffer.from(event.payload, 'base64').toString()
  handOn(ctx, invocationRecord, { ...common, to: version.deadLetterTarget, text, deadLetter })
}

const errorIn = (payload: Buffer | undefined): string =>
  payload ? String(JSON.parse(payload.toString()).errorMessage ?? '') : ''

function recordOf(ctx: Context, ended: EndedInvocation): string {
  const { event, stored, version, succeeded, condition, payload } = ended
  const request = Buffer.from(event.payload, 'base64').toString()
  return JSON.stringify({
    version: '1.0',
    timestamp: ctx.cloud.clock.date().toISOString(),
    requestContext: {
      requestId: event.id,
      functionArn: `${stored.arn}:${event.qualifier ?? version.version}`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: request === '' ? null : JSON.parse(request),
    ...(payload && {
      responseContext: {
        statusCode: 200,
        executedVersion: version.version,
        ...(!succeeded && { functionError: 'Unhandled' }),
      },
      responsePayload: payload.length ? JSON.parse(payload.toString()) : null,
    }),
  })
}
