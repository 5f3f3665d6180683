/** The attributes of queues: which there are, what they take, and what holds where nothing is said. */
import { AwsError, parseArn, readJson } from '../../../../model/index.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import type { Queue } from '../state.ts'
import { badAttribute, invalidValue } from './refuse.ts'

interface NumberFacts {
  readonly usual: string
  readonly least: number
  readonly most: number
}

/** AWS: the ranges and defaults of CreateQueue. Seconds and bytes. */
const NUMBERS: Readonly<Record<string, NumberFacts>> = {
  DelaySeconds: { usual: '0', least: 0, most: 900 },
  MaximumMessageSize: { usual: '1048576', least: 1024, most: 1_048_576 },
  MessageRetentionPeriod: { usual: '345600', least: 60, most: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { usual: '0', least: 0, most: 20 },
  VisibilityTimeout: { usual: '30', least: 0, most: 43_200 },
  KmsDataKeyReusePeriodSeconds: { usual: '300', least: 60, most: 86_400 },
}

/** Of FIFO queues alone. */
const FIFO: Readonly<Record<string, RegExp>> = {
  ContentBasedDeduplication: /^(?:true|false)$/,
  DeduplicationScope: /^(?:queue|messageGroup)$/,
  FifoThroughputLimit: /^(?:perQueue|perMessageGroupId)$/,
}

const isFifoName = (name: string): boolean => name.endsWith('.fifo')

export const isFifo = ({ name }: Pick<Queue, 'name'>): boolean => isFifoName(name)

/** Gives a number in effect. */
export const numberOf = ({ attributes }: Pick<Queue, 'attributes'>, name: string): number =>
  Number(attributes[name] ?? NUMBERS[name]!.usual)

/**
 * Gives what is kept of the attributes; `Policy` is for the caller to read. An empty text takes one back where AWS lets it.
 * Errors: InvalidAttributeName, InvalidAttributeValue.
 */
export function withAttributes(
  name: string,
  set: Queue['attributes'],
  given: Readonly<Record<string, string>>,
): Queue['attributes'] {
  const next: Record<string, string> = { ...set }
  for (const [key, value] of Object.entries(given)) {
    if (key === 'Policy') continue
    check(name, key, value)
    if (value === '') delete next[key]
    else next[key] = value
  }
  return next
}

function check(queue: string, key: string, value: string): void {
  const number = NUMBERS[key]
  if (number) {
    const fits = /^\d{1,7}$/.test(value) && Number(value) >= number.least && Number(value) <= number.most
    if (!fits) throw badAttribute(key)
    return
  }
  if (key === 'RedrivePolicy') return void (value && redriveOf(value))
  if (key === 'RedriveAllowPolicy') return refuseUnsupported({ RedriveAllowPolicy: value }, [key])
  if (key === 'KmsMasterKeyId') return
  if (key === 'SqsManagedSseEnabled') return checkText(key, value, /^(?:true|false)$/)
  if (key === 'FifoQueue') {
    if (value !== 'true' || !isFifoName(queue)) throw badAttribute(key)
    return
  }
  const fifo = FIFO[key]
  if (!fifo) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${key}.`)
  if (!isFifoName(queue)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${key}.`)
  checkText(key, value, fifo)
}

function checkText(key: string, value: string, takes: RegExp): void {
  if (!takes.test(value)) throw badAttribute(key)
}

export interface Redrive {
  readonly target: string
  readonly most: number
}

/** Reads a RedrivePolicy. Errors: InvalidParameterValue. AWS: from 1 to 1,000 receipts. */
export function redriveOf(text: string): Redrive {
  const problem = (reason: string) =>
    invalidValue(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`)
  let policy: Record<string, unknown>
  try {
    policy = readJson(text) as Record<string, unknown>
  } catch {
    throw problem('Redrive policy is not a valid JSON map.')
  }
  const { deadLetterTargetArn: target, maxReceiveCount: most } = policy
  if (typeof target !== 'string' || parseArn(target)?.service !== 'sqs')
    throw problem('Invalid value for deadLetterTargetArn.')
  const count = Number(most)
  if (most === undefined || !Number.isInteger(count) || count < 1 || count > 1000)
    throw problem('Invalid value for maxReceiveCount.')
  return { target, most: count }
}

/** Gives the attributes that are always told, with those that are set. */
export function toldAttributes({ attributes, name }: Queue): Record<string, string> {
  const { KmsDataKeyReusePeriodSeconds: reuse, ...numbers } = NUMBERS
  const told = Object.fromEntries(Object.entries(numbers).map(([key, { usual }]) => [key, usual]))
  const encrypted = attributes.KmsMasterKeyId !== undefined
  return {
    ...told,
    ...(encrypted
      ? { KmsDataKeyReusePeriodSeconds: reuse!.usual, SqsManagedSseEnabled: 'false' }
      : { SqsManagedSseEnabled: 'true' }),
    ...(isFifoName(name) && {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    }),
    ...attributes,
  }
}
