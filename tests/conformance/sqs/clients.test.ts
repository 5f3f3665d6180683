/** Clients of SQS: boto3, and those from before 2023, which send forms to the address of a queue. */
import { expect, it } from 'vitest'
import { signedAnew } from '../../chaos/signed-request.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3 } from '../command-line.ts'

const test = await startTestCloud()
const { python } = commandLine(test.cloud)

async function form(parameters: Record<string, string>, path = '/'): Promise<string> {
  const body = Buffer.from(new URLSearchParams({ Version: '2012-11-05', ...parameters }).toString())
  const authorization = `Credential=${HUB}/20260101/us-east-1/sqs/aws4_request`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
  const { endpoint } = test.cloud
  const signed = signedAnew({ method: 'POST', path, headers, body }, new URL(endpoint).host, new Date())
  const { host: _, ...sent } = signed.headers as Record<string, string>
  const answer = await fetch(`${endpoint}${path}`, { method: 'POST', headers: sent, body })
  return `${answer.status} ${await answer.text()}`
}

it('answers forms with XML', async () => {
  const made = await form({
    ...{ Action: 'CreateQueue', QueueName: 'forms' },
    ...{ 'Attribute.1.Name': 'VisibilityTimeout', 'Attribute.1.Value': '0' },
    ...{ 'Tag.1.Key': 'team', 'Tag.1.Value': 'shop' },
  })
  const QueueUrl = /<QueueUrl>([^<]+)<\/QueueUrl>/.exec(made)![1]!
  expect(made).toContain(
    '<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><CreateQueueResult><QueueUrl>',
  )
  const path = new URL(QueueUrl).pathname
  const sent = await form(
    {
      ...{ Action: 'SendMessage', QueueUrl, MessageBody: 'a & b' },
      ...{ 'MessageAttribute.1.Name': 'kind', 'MessageAttribute.1.Value.DataType': 'String' },
      'MessageAttribute.1.Value.StringValue': 'order',
    },
    path,
  )
  expect(sent).toMatch(/^200 .*<MD5OfMessageAttributes>[0-9a-f]{32}</)
  const received = await form({
    ...{ Action: 'ReceiveMessage', QueueUrl, 'MessageAttributeName.1': 'All' },
    'AttributeName.1': 'SenderId',
  })
  expect(received).toContain('<Body>a &amp; b</Body>')
  expect(received).toContain(`<Attribute><Name>SenderId</Name><Value>${HUB}</Value></Attribute>`)
  expect(received).toContain('<MessageAttribute><Name>kind</Name><Value><StringValue>order</StringValue>')
  const told = await form({ Action: 'GetQueueAttributes', QueueUrl, 'AttributeName.1': 'VisibilityTimeout' })
  expect(told).toContain(
    '<GetQueueAttributesResult><Attribute><Name>VisibilityTimeout</Name><Value>0</Value></Attribute></GetQueueAttributesResult>',
  )
  expect(await form({ Action: 'ListQueueTags', QueueUrl })).toContain(
    '<Tag><Key>team</Key><Value>shop</Value></Tag>',
  )
  const batch = await form({
    ...{ Action: 'SendMessageBatch', QueueUrl },
    ...{ 'SendMessageBatchRequestEntry.1.Id': 'a', 'SendMessageBatchRequestEntry.1.MessageBody': 'x' },
    ...{ 'SendMessageBatchRequestEntry.2.Id': 'b', 'SendMessageBatchRequestEntry.2.MessageBody': '\u0001' },
  })
  expect(batch).toMatch(/<SendMessageBatchResultEntry><Id>a<.*<BatchResultErrorEntry><Id>b</)
  expect(await form({ Action: 'GetQueueUrl', QueueName: 'absent' })).toMatch(
    /^400 .*<Code>AWS\.SimpleQueueService\.NonExistentQueue<\/Code>/,
  )
})

it.runIf(hasBoto3)('answers boto3, which checks the digests', async () => {
  const program = `
import boto3, json
c = boto3.client('sqs')
url = c.create_queue(QueueName='boto.fifo', Attributes={'FifoQueue': 'true', 'ContentBasedDeduplication': 'true'})['QueueUrl']
sent = c.send_message(QueueUrl=url, MessageBody='hello', MessageGroupId='g',
  MessageAttributes={'n': {'DataType': 'Number', 'StringValue': '1'}, 'b': {'DataType': 'Binary', 'BinaryValue': b'x'}})
got = c.receive_message(QueueUrl=url, AttributeNames=['All'], MessageAttributeNames=['All'], WaitTimeSeconds=1)['Messages'][0]
c.delete_message(QueueUrl=url, ReceiptHandle=got['ReceiptHandle'])
try:
  c.send_message(QueueUrl=url + 'x', MessageBody='x')
except c.exceptions.QueueDoesNotExist as error:
  code = error.response['Error']['Code']
print(json.dumps({'body': got['Body'], 'bytes': got['MessageAttributes']['b']['BinaryValue'].decode(), 'same': sent['MessageId'] == got['MessageId'],
  'group': got['Attributes']['MessageGroupId'], 'code': code, 'left': 'Messages' in c.receive_message(QueueUrl=url)}))
`
  expect(JSON.parse(await python(program))).toEqual({
    ...{ body: 'hello', bytes: 'x', same: true, group: 'g', left: false },
    code: 'AWS.SimpleQueueService.NonExistentQueue',
  })
})
