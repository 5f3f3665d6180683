/** What services send events to, told by its ARN: how one reaches it, and where it may be. */
import { type Arn, AwsError, parseArn } from '../../model/index.ts'
import type { Input, OperationName, Output, ServiceId } from '../kernel/api.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { Context } from '../kernel/context.ts'
import type { Identity } from '../kernel/identity.ts'

/** What a destination is sent. */
export interface Message {
  readonly text: string
  readonly subject?: string
  /**
   * The text was written for this destination (a constant, a template) and may name parameters. AWS: the event as it is
   * never does.
   */
  readonly written?: boolean
  /** The same whenever the same message is sent again: what is started by it is started once. */
  readonly token?: string
  /** Of a FIFO queue. */
  readonly group?: string
  /** Of a queue: what stands beside the text. */
  readonly attributes?: Input<'sqs', 'SendMessage'>['MessageAttributes']
}

/** Who sends: calls are made under its identity, and by its means (kept in a journal, for example). */
export interface Sender {
  readonly cloud: Pick<Cloud, 'clock' | 'ids'>
  call<S extends ServiceId, O extends OperationName<S>>(
    service: S,
    operation: O,
    input: Input<S, O>,
  ): Promise<Output<S, O>>
}

/**
 * Where a destination may be. AWS: `eventbridge/latest/userguide/eb-service-cross-account` (functions and topics of other
 * accounts, in the same region), `eb-cross-region` (buses).
 */
export interface Place {
  /** As its ARN names it. */
  readonly service: string
  /** The resource part of its ARN. */
  readonly resource: RegExp
  /** AWS: EventBridge works as a role given with it; otherwise as itself, by the destination's own policy. */
  readonly needsRole: boolean
  /** Whether it may be in another account than the rule that sends. */
  readonly otherAccounts: boolean
  /** Whether it may be in another region than the rule that sends. */
  readonly otherRegions: boolean
}

export interface Destination extends Place {
  /** Errors: the AwsError of a call. Whether anybody is told of it is for the sender (see `kernel/hand-over.ts`). */
  send(sender: Sender, to: Arn, message: Message): Promise<unknown>
}

/** A sender that calls under an identity, from the context's region or the one given. */
export const senderAs = (ctx: Context, as: Identity, region?: string): Sender => ({
  cloud: ctx.cloud,
  call: (service, operation, input) => ctx.call(service, operation, input, { as, region }),
})

/** Gives the one of these that an ARN is of; undefined where it is of none. */
export function placeOf<P extends Place>(places: readonly P[], arn: string): P | undefined {
  const parts = parseArn(arn)
  return parts && places.find((one) => one.service === parts.service && one.resource.test(parts.resource))
}

/** The parameters that a message names, for what it starts. Errors: ValidationException where its text is no JSON. */
export function parametersOf({ text, written }: Message): Readonly<Record<string, unknown>> {
  if (!written) return {}
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    throw new AwsError('ValidationException', 'The input of the target is not JSON.')
  }
}
