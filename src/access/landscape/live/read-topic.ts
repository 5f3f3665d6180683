/** Reads a topic: its policy, and the key it is encrypted with. */
import { type Arn, parseArn, resourcePolicyOf } from '../../../model/index.ts'
import { originOf } from './origin-of.ts'
import { readKey } from './read-key.ts'
import type { Reading } from './reading.ts'

/** Reads a topic into the reading, once. One that is not there is a finding. */
export function readTopic(reading: Reading, arn: Arn): Promise<void> {
  return reading.once(`topic ${arn}`, async () => {
    const { account = '', region = '' } = parseArn(arn) ?? {}
    const target = { account, region }
    const { GetTopicAttributesCommand, SNSClient } = await import('@aws-sdk/client-sns')
    const answer = await reading.ask({ what: `the topic policy of ${arn}`, arn, target }, async () => {
      const client = await reading.client(SNSClient, target)
      const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn }))
      return Attributes
    })
    if ('absent' in answer) {
      reading.absent.add(arn)
      reading.findings.push({
        rule: 'topic-does-not-exist',
        severity: 'error',
        message: `the topic ${arn} does not exist`,
        fix: `make it in account ${account}, ${region}, or name another one`,
      })
    }
    if (!('found' in answer)) return
    const { Policy, KmsMasterKeyId } = answer.found
    const origin = await originOf(reading, target, { physicalId: arn, type: 'AWS::SNS::Topic' })
    const policy = reading.policy(Policy, resourcePolicyOf(arn), origin)
    if (policy) reading.resourcePolicies.set(arn, policy)
    else reading.withoutPolicy.set(arn, origin)
    if (!KmsMasterKeyId) return
    reading.topicKeys.set(arn, KmsMasterKeyId)
    if (!/(^|:)alias\/aws\/sns$/.test(KmsMasterKeyId)) await readKey(reading, KmsMasterKeyId, target)
  })
}
