/** DeadLetterConfig of rules and schedules: where events go that could not be delivered. */
import { arnOf, isMap } from '../properties.ts'
import { invalid } from '../refusals.ts'
import { attributesOf, type Event, propagatedTags } from './event.ts'

export interface DeadLetters {
  readonly config?: { readonly Arn: unknown }
  /** The queue that is made for them. */
  readonly queue?: string
}

/** Makes the queue where one is asked for. Errors: InvalidResource where it is given as well. */
export function deadLetters(event: Event): DeadLetters {
  const { id, into, properties } = event
  const { DeadLetterConfig: given } = properties
  if (!isMap(given)) return {}
  if (given.Arn !== undefined && given.Type !== undefined)
    throw wrong(event, "You can either define 'Arn' or 'Type' property of DeadLetterConfig.")
  if (given.Arn !== undefined) return { config: { Arn: given.Arn } }
  if (given.Type === undefined)
    throw wrong(event, "No 'Arn' or 'Type' property provided for DeadLetterConfig.")
  if (given.Type !== 'SQS')
    throw wrong(event, "The only valid value for 'Type' property of DeadLetterConfig is 'SQS'.")
  const queue = String(given.QueueLogicalId ?? `${id}Queue`)
  into.put(queue, 'AWS::SQS::Queue', { Tags: propagatedTags(event) }, attributesOf(event))
  return { config: { Arn: arnOf(queue) }, queue }
}

const wrong = ({ id }: Event, what: string) => invalid(`Event with id [${id}] is invalid. ${what}`)
