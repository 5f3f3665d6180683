/** Doors of the embedded cloud: texts within requests, and bodies of requests in each protocol. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  GetTemplateSummaryCommand,
  ListStacksCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CodePipelineClient, CreatePipelineCommand } from '@aws-sdk/client-codepipeline'
import {
  CreateRepositoryCommand,
  ECRClient,
  PutImageCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr'
import { EventBridgeClient, PutRuleCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge'
import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { SetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { payloadReader } from '../../src/cloud/gateway/signature/index.ts'
import { type CloudOptions, startCloud } from '../../src/cloud/index.ts'
import { declarationSample, policySamples, templateSamples } from './file-subjects.ts'
import { type FuzzSubject, survives, textOf } from './subject.ts'

const HUB = '111111111111'

/** Anything with `send`: what all SDK clients have in common. */
interface Client {
  send(command: never): Promise<unknown>
  destroy(): void
  readonly middlewareStack: { add(middleware: unknown, options: unknown): void }
}

interface FuzzedCloud {
  readonly subjects: readonly FuzzSubject[]
  stop(): Promise<void>
}

/** Starts a cloud of its own and gives what of it is fuzzed. */
export async function cloudSubjects(options: CloudOptions = {}): Promise<FuzzedCloud> {
  const bugs: unknown[] = []
  const cloud = await startCloud({ onBug: (where, error) => bugs.push({ where, error }), ...options })
  const clients: Client[] = []
  const client = <C extends Client>(made: new (configuration: never) => C, more = {}): C => {
    const one = new made({
      endpoint: 'http://127.0.0.1:9',
      requestHandler: cloud.requestHandler,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
      maxAttempts: 1,
      ...more,
    } as never)
    clients.push(one)
    return one
  }
  /** Sends and takes any answer but that of a bug. */
  const tell = async (one: Client, command: unknown): Promise<unknown> => {
    const answer = await one.send(command as never).catch((error: unknown) => error)
    const [bug] = bugs.splice(0) as { where: string; error: unknown }[]
    if (bug) throw bug.error
    return answer
  }
  /** A client whose requests carry another body than it wrote; the signature covers that one. */
  const withBody = <C extends Client>(made: new (configuration: never) => C, more = {}) => {
    const one = client(made, more)
    let body = ''
    one.middlewareStack.add(
      (next: (args: unknown) => unknown) =>
        (args: { request: { body: string; headers: Record<string, string> } }) => {
          args.request.body = body
          args.request.headers['content-length'] = String(Buffer.byteLength(body))
          return next(args)
        },
      { step: 'build', priority: 'low', name: 'fuzzedBody' },
    )
    return (command: unknown, written: string) => {
      body = written
      return tell(one, command)
    }
  }
  const doors = { client, tell, withBody }
  return {
    subjects: [
      ...templateSubjects(doors),
      ...(await textSubjects(doors)),
      ...(await bodySubjects(doors)),
      chunkedBody,
    ],
    stop: async () => {
      for (const one of clients) one.destroy()
      await cloud.stop()
    },
  }
}

interface Doors {
  client<C extends Client>(made: new (configuration: never) => C, more?: object): C
  tell(one: Client, command: unknown): Promise<unknown>
  withBody<C extends Client>(
    made: new (configuration: never) => C,
    more?: object,
  ): (command: unknown, body: string) => Promise<unknown>
}

function templateSubjects({ client, tell }: Doors): FuzzSubject[] {
  const cloudFormation = client(CloudFormationClient)
  let count = 0
  return [
    {
      name: 'template at the cloud',
      samples: templateSamples,
      run: async (input) => {
        const TemplateBody = textOf(input)
        await tell(cloudFormation, new ValidateTemplateCommand({ TemplateBody }))
        await tell(cloudFormation, new GetTemplateSummaryCommand({ TemplateBody }))
        const names = { StackName: `fuzzed-${++count}`, ChangeSetName: 'first' }
        const Capabilities = ['CAPABILITY_NAMED_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const]
        const made = new CreateChangeSetCommand({
          ...names,
          ChangeSetType: 'CREATE',
          TemplateBody,
          Capabilities,
        })
        if ((await tell(cloudFormation, made)) instanceof Error) return
        await tell(cloudFormation, new DescribeChangeSetCommand(names))
        await tell(cloudFormation, new DeleteStackCommand({ StackName: names.StackName }))
      },
    },
  ]
}

/** Texts that have a language of their own, within a request that is right. */
async function textSubjects({ client, tell }: Doors): Promise<FuzzSubject[]> {
  const [iam, s3] = [client(IAMClient), client(S3Client, { forcePathStyle: true })]
  const [events, logs] = [client(EventBridgeClient), client(CloudWatchLogsClient)]
  const [ecr, ssm] = [client(ECRClient), client(SSMClient)]
  const RoleName = 'fuzzed'
  const group = { logGroupName: 'fuzzed', logStreamName: 'one' }
  const json = { level: 'error', code: 503, user: { name: 'Ann', tags: ['a'] } }
  const trust = JSON.stringify(policySamples[1])
  await tell(iam, new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
  await tell(s3, new CreateBucketCommand({ Bucket: 'fuzzed' }))
  await tell(logs, new CreateLogGroupCommand({ logGroupName: group.logGroupName }))
  await tell(logs, new CreateLogStreamCommand(group))
  const logEvents = ['plain ERROR 7', JSON.stringify(json)].map((message) => ({
    message,
    timestamp: Date.now(),
  }))
  await tell(logs, new PutLogEventsCommand({ ...group, logEvents }))
  await tell(ecr, new CreateRepositoryCommand({ repositoryName: 'fuzzed' }))
  return [
    {
      name: 'policy documents at the cloud',
      samples: policySamples,
      run: async (input) => {
        const PolicyDocument = textOf(input)
        await tell(iam, new PutRolePolicyCommand({ RoleName, PolicyName: 'one', PolicyDocument }))
        await tell(iam, new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
        await tell(s3, new PutBucketPolicyCommand({ Bucket: 'fuzzed', Policy: PolicyDocument }))
      },
    },
    {
      name: 'event pattern',
      samples: [
        { source: ['aws.s3'], detail: { bucket: { name: [{ prefix: 'a' }, { wildcard: 'b*c' }] } } },
        {
          detail: { count: [{ numeric: ['>', 0, '<=', 5] }], ip: [{ cidr: '10.0.0.0/24' }] },
          $or: [{ source: ['x'] }],
        },
        {
          detail: {
            state: [{ 'anything-but': ['a', 'b'] }, { exists: false }, { 'equals-ignore-case': 'x' }],
          },
        },
      ],
      run: async (input) => {
        const EventPattern = textOf(input)
        const Event =
          '{"id":"1","account":"1","source":"aws.s3","time":"2024-01-01T00:00:00Z","region":"x",' +
          '"resources":[],"detail-type":"x","detail":{"bucket":{"name":"abc"},"count":3,"ip":"10.0.0.1"}}'
        await tell(events, new PutRuleCommand({ Name: 'fuzzed', EventPattern }))
        await tell(events, new TestEventPatternCommand({ EventPattern, Event }))
      },
    },
    {
      name: 'log filter',
      samples: [
        '{ ($.level = "err*" || $.code >= 500) && $.user.name != %^A.*n$% }',
        '"plain ERROR" ?x -y %\\d{1,3}%',
        '{ $.user.tags[0] = "a" && $.absent NOT EXISTS }',
      ],
      run: async (input) => {
        await tell(logs, new FilterLogEventsCommand({ logGroupName: 'fuzzed', filterPattern: textOf(input) }))
      },
    },
    {
      name: 'lifecycle policy',
      samples: [
        {
          rules: [
            {
              rulePriority: 1,
              selection: {
                tagStatus: 'tagged',
                tagPatternList: ['a*'],
                countType: 'imageCountMoreThan',
                countNumber: 1,
              },
              action: { type: 'expire' },
            },
          ],
        },
      ],
      run: async (input) => {
        const lifecyclePolicyText = textOf(input)
        await tell(
          ecr,
          new StartLifecyclePolicyPreviewCommand({ repositoryName: 'fuzzed', lifecyclePolicyText }),
        )
      },
    },
    {
      name: 'image manifest',
      samples: [
        {
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          config: {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: `sha256:${'0'.repeat(64)}`,
            size: 2,
          },
          layers: [
            {
              mediaType: 'application/vnd.oci.image.layer.v1.tar',
              digest: `sha256:${'1'.repeat(64)}`,
              size: 3,
            },
          ],
        },
      ],
      run: async (input) => {
        await tell(
          ecr,
          new PutImageCommand({ repositoryName: 'fuzzed', imageManifest: textOf(input), imageTag: 'x' }),
        )
      },
    },
    {
      name: 'allowed pattern',
      samples: ['^(a|b)+[0-9]{2,5}$', '(?=.*[A-Z])\\w{8,}', '[^\\s]*'],
      run: async (input) => {
        const stored = { Name: 'fuzzed', Value: 'ab12', Type: 'String' as const, Overwrite: true }
        await tell(ssm, new PutParameterCommand({ ...stored, AllowedPattern: textOf(input) }))
      },
    },
  ]
}

/** Whole bodies, in each protocol. */
async function bodySubjects({ client, tell, withBody }: Doors): Promise<FuzzSubject[]> {
  const s3 = client(S3Client, { forcePathStyle: true })
  await tell(s3, new CreateBucketCommand({ Bucket: 'bodies' }))
  const inPipelines = withBody(CodePipelineClient)
  const inCloudFormation = withBody(CloudFormationClient)
  const inS3 = withBody(S3Client, { forcePathStyle: true })
  const inSns = withBody(SNSClient)
  return [
    {
      name: 'JSON body: pipeline declaration',
      samples: [{ pipeline: declarationSample, tags: [{ key: 'a', value: 'b' }] }],
      run: async (input) => {
        await inPipelines(new CreatePipelineCommand({ pipeline: declarationSample as never }), textOf(input))
      },
    },
    {
      name: 'form body',
      samples: [
        'Action=CreateStack&Version=2010-05-15&StackName=x&TemplateBody=%7B%7D&Parameters.member.1.ParameterKey=A&Parameters.member.1.ParameterValue=b&Tags.member.1.Key=k&Tags.member.1.Value=v',
        'Action=ListStacks&Version=2010-05-15&StackStatusFilter.member.1=CREATE_COMPLETE&NextToken=x',
      ],
      run: async (input) => {
        await inCloudFormation(new ListStacksCommand({}), textOf(input))
        await inSns(
          new SetSubscriptionAttributesCommand({ SubscriptionArn: 'x', AttributeName: 'y' }),
          textOf(input),
        )
      },
    },
    {
      name: 'XML body',
      samples: [
        '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>a</ID><Filter><And><Prefix>x</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>',
      ],
      run: async (input) => {
        const Rules = [{ Status: 'Enabled' as const, Filter: { Prefix: 'x' }, Expiration: { Days: 1 } }]
        const command = { Bucket: 'bodies', LifecycleConfiguration: { Rules }, ChecksumAlgorithm: undefined }
        await inS3(new PutBucketLifecycleConfigurationCommand(command), textOf(input))
      },
    },
  ]
}

const chunkedBody: FuzzSubject = {
  name: 'chunked body',
  samples: [
    '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n',
    `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`,
  ],
  run: (input) =>
    survives(async () => {
      const bytes = Buffer.from(textOf(input), 'latin1')
      const headers = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
      const pieces = (async function* () {
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
      })()
      for await (const piece of payloadReader({ kind: 'unsigned-trailer' }, headers, pieces)) void piece
    }),
}
