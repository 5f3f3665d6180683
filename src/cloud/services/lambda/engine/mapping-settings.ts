/** What an event source mapping is set to: read from requests, and checked as AWS checks it for queues. */
import type { FilterCriteria, FunctionResponseType, ScalingConfig } from '@aws-sdk/client-lambda'
import { AwsError, compilePattern, parseArn } from '../../../../model/index.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import type { EventSourceMapping } from '../state.ts'
import { invalidValue } from './errors.ts'

export type MappingSettings = Pick<
  EventSourceMapping,
  'batchSize' | 'batchingWindow' | 'filters' | 'reportsItemFailures' | 'maximumConcurrency' | 'enabled'
>

export interface MappingInput {
  readonly Enabled?: boolean
  readonly BatchSize?: number
  readonly MaximumBatchingWindowInSeconds?: number
  readonly FilterCriteria?: FilterCriteria
  readonly FunctionResponseTypes?: FunctionResponseType[]
  readonly ScalingConfig?: ScalingConfig
}

/** What belongs to streams, brokers and clusters, or is not carried out for queues. */
const UNSUPPORTED = [
  'KMSKeyArn',
  'MetricsConfig',
  'LoggingConfig',
  'ProvisionedPollerConfig',
  'ParallelizationFactor',
  'StartingPosition',
  'StartingPositionTimestamp',
  'DestinationConfig',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'MaximumRetryAttempts',
  'TumblingWindowInSeconds',
  'Topics',
  'Queues',
  'SourceAccessConfigurations',
  'AmazonManagedKafkaEventSourceConfig',
  'SelfManagedKafkaEventSourceConfig',
  'DocumentDBEventSourceConfig',
]

const DEFAULTS: MappingSettings = {
  batchSize: 10,
  batchingWindow: 0,
  filters: [],
  reportsItemFailures: false,
  enabled: true,
}

/** Gives the ARN of the queue that is meant. Errors: UnsupportedParameter for other sources, InvalidParameterValueException. */
export function sourceQueue(
  region: string,
  { EventSourceArn: arn, ...input }: { readonly EventSourceArn?: string },
): string {
  refuseUnsupported(input, ['SelfManagedEventSource'])
  if (arn === undefined)
    throw invalidValue('Unrecognized event source, must be kinesis, dynamodb stream or sqs.')
  const source = parseArn(arn)
  if (source?.service !== 'sqs')
    throw new AwsError(
      'UnsupportedParameter',
      `The embedded cloud has no event sources of "${source?.service}"; let the function read from an SQS queue.`,
      { status: 501 },
    )
  // AWS: "The Lambda function and the Amazon SQS queue must be in the same AWS Region".
  if (source.region !== region)
    throw invalidValue(`The queue ${arn} is not in the region of the function, ${region}.`)
  return arn
}

/** Gives the settings, those before where nothing is said. Errors: UnsupportedParameter, InvalidParameterValueException. */
export function settingsOf(input: MappingInput, queue: string, before = DEFAULTS): MappingSettings {
  refuseUnsupported(input, UNSUPPORTED)
  const settings: MappingSettings = {
    enabled: input.Enabled ?? before.enabled,
    batchSize: input.BatchSize ?? before.batchSize,
    batchingWindow: input.MaximumBatchingWindowInSeconds ?? before.batchingWindow,
    filters: input.FilterCriteria ? patternsIn(input.FilterCriteria) : before.filters,
    reportsItemFailures: input.FunctionResponseTypes
      ? input.FunctionResponseTypes.includes('ReportBatchItemFailures')
      : before.reportsItemFailures,
    maximumConcurrency: input.ScalingConfig
      ? input.ScalingConfig.MaximumConcurrency
      : before.maximumConcurrency,
  }
  checkBatch(settings, queue.endsWith('.fifo'))
  return settings
}

/**
 * AWS: "For a FIFO queue, the maximum is 10. For a batch size over 10, you must also set the batch window to at least 1
 * second"; the window "applies only to standard queues" ("Creating and configuring an Amazon SQS event source mapping").
 */
function checkBatch({ batchSize, batchingWindow }: MappingSettings, fifo: boolean): void {
  if (fifo && batchingWindow > 0) throw invalidValue('Batching window is not supported for FIFO queues.')
  if (fifo && batchSize > 10) throw invalidValue('FIFO queues take a batch size of at most 10.')
  if (batchSize > 10 && batchingWindow === 0)
    throw invalidValue(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    )
}

function patternsIn({ Filters = [] }: FilterCriteria): string[] {
  return Filters.map(({ Pattern = '' }) => {
    try {
      compilePattern(Pattern)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      throw invalidValue(`Invalid filter pattern definition. ${error.message}`)
    }
    return Pattern
  })
}
