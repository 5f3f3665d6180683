/** Reads what has to tell of a source's change: its bucket, and its connection. */
import type { Target } from '../../../model/index.ts'
import { findProvider, namedThings } from '../../../pipeline/index.ts'
import type { KnownPipeline } from '../landscape.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** Reads into the reading, after its buckets and rules. */
export async function readTellers(
  reading: Reading,
  { account, region, declaration }: KnownPipeline,
): Promise<void> {
  const sources = (declaration.stages[0]?.actions ?? []).filter(
    ({ actionTypeId }) => findProvider(actionTypeId)?.starts,
  )
  const named = sources.map(({ actionTypeId, configuration }) => namedThings(actionTypeId, configuration))
  const isWaitedFor = reading.starts.some(({ pattern }) => pattern !== undefined)
  await Promise.all([
    ...named.map(({ bucket }) => bucket !== undefined && isWaitedFor && readNotification(reading, bucket)),
    ...named.map(
      ({ connection }) =>
        connection !== undefined && readConnection(reading, connection, { account, region }),
    ),
  ])
}

/** AWS: the answer has an EventBridgeConfiguration, an empty one, where the bucket sends its events there. */
function readNotification(reading: Reading, name: string): Promise<void> {
  return reading.once(`notifications of ${name}`, async () => {
    const bucket = reading.buckets.get(name)
    if (!bucket) return
    const { GetBucketNotificationConfigurationCommand, S3Client } = await import('@aws-sdk/client-s3')
    const question = { what: `whether the bucket ${name} sends its events to EventBridge`, target: bucket }
    const answer = await reading.ask(question, async () => {
      const client = await reading.client(S3Client, bucket)
      return client.send(new GetBucketNotificationConfigurationCommand({ Bucket: name }))
    })
    if ('found' in answer)
      reading.buckets.set(name, {
        ...bucket,
        tellsEvents: answer.found.EventBridgeConfiguration !== undefined,
      })
  })
}

function readConnection(reading: Reading, arn: string, target: Target): Promise<void> {
  return reading.once(`connection ${arn}`, async () => {
    const { CodeStarConnectionsClient, GetConnectionCommand } = await import(
      '@aws-sdk/client-codestar-connections'
    )
    const answer = await reading.ask(
      { what: `the status of the connection ${arn}`, arn, target },
      async () => {
        const client = await reading.client(CodeStarConnectionsClient, target)
        return client.send(new GetConnectionCommand({ ConnectionArn: arn }))
      },
    )
    const status = 'found' in answer ? answer.found.Connection?.ConnectionStatus : undefined
    if (status === undefined) return
    const type = 'AWS::CodeStarConnections::Connection'
    const origin = await originOf(reading, target, { physicalId: arn, type })
    reading.connections.push({ arn, status, origin })
  })
}
